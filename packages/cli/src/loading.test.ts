import { describe, expect, it, vi } from 'vitest';
import { jetsdk } from '../../../tests/support/command.js';

/** A Node that does not find ONNX Runtime's native library, as where npm left it out. */
const WITHOUT_NATIVE = `data:text/javascript,${encodeURIComponent(`
  import Module from 'node:module';
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (name, ...rest) => {
    if (name === 'onnxruntime-node') throw new Error(name + ' is hidden');
    return resolve(name, ...rest);
  };`)}`;

describe('where onnxruntime-node is not installed', () => {
  it('compare goes on in WebAssembly, and says so once', () => {
    vi.stubEnv('NODE_OPTIONS', `--import=${WITHOUT_NATIVE}`);
    const { status, stdout, stderr } = jetsdk(['compare', 'course-cnn', 'course-dense', '--data', 'data/test.h5']);
    expect(stderr.match(/onnxruntime-node is not installed.*goes on in WebAssembly/g)).toHaveLength(1);
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/^course-cnn\s+0\.9/m) });
  });

  it('doctor says that WebAssembly works, how to add the library, and nothing of its files', () => {
    vi.stubEnv('NODE_OPTIONS', `--import=${WITHOUT_NATIVE}`);
    const { status, stdout } = jetsdk(['doctor']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^cpu\s+no\s+.*npm install onnxruntime-node@\S+ --ignore-scripts/m);
    expect(stdout).toMatch(/^wasm\s+yes\s+[\d,]+\s+onnxruntime-web/m);
    expect(stdout).not.toContain('node_modules/onnxruntime-node/script');
  });
});
