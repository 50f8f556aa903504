import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inNode } from '../../../../tests/support/chromium.js';
import { fixture } from '../testing/fixtures.testing.js';
import { stranger } from '../testing/stranger.testing.js';

/** What becomes of a model, and the memory of the process that asked for it. */
async function loading(name: string, options: string): Promise<{ failed: unknown; megabytes: number }> {
  const { value, stderr } = await inNode(
    `
    let most = 0;
    const watch = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()); }, 10);
    const failed = await failure(loadTagger(fixture('hostile/${name}'), ${options}).then((tagger) => tagger.dispose()));
    clearInterval(watch);
    print({ failed, megabytes: most / 2 ** 20 });`,
    {},
  );
  expect(stderr).toBe('');
  return value as { failed: unknown; megabytes: number };
}

describe('a model whose graph does not tell what it takes is tried in a process of its own', () => {
  it.each(['ofJets', 'folded'])(
    '%s takes too much memory: refused, and nothing of it here',
    async (name) => {
      const { failed, megabytes } = await loading(name, `{ device: 'cpu' }`);
      expect(failed).toEqual({
        code: 'LIMIT_EXCEEDED',
        message: expect.stringMatching(/^model: takes more than 107\d+/),
      });
      expect(megabytes).toBeLessThan(600);
    },
    60_000,
  );

  it.each(['ofJets', 'folded'])(
    '%s is refused in WebAssembly too',
    async (name) => {
      const { failed } = await loading(name, `{ device: 'wasm' }`);
      expect(failed).toMatchObject({ message: expect.stringMatching(/out of memory|takes more than/) });
    },
    60_000,
  );

  it.each(['short', 'nested'])(
    '%s loads',
    async (name) => {
      expect((await loading(name, `{ device: 'cpu' }`)).failed).toBe('no error');
    },
    60_000,
  );

  it.each(['Regressor', 'Generator'])(
    'load%s tries it as loadTagger does',
    async (kind) => {
      const folder = await mkdtemp(join(tmpdir(), 'jetsdk-stranger-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const file = join(folder, 'model.onnx');
      await writeFile(file, stranger(kind === 'Regressor' ? 'pumml' : 'calo-flow'));
      const { value } = await inNode(
        `
        import { load${kind} } from '@jetsdk/infer';
        const stranger = new Uint8Array(readFileSync('${file}'));
        let most = 0;
        const watch = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()); }, 10);
        const failed = await failure(load${kind}(stranger, { device: 'cpu' }));
        clearInterval(watch);
        print({ failed, megabytes: most / 2 ** 20 });`,
        {},
      );
      expect(value).toEqual({
        failed: { code: 'LIMIT_EXCEEDED', message: expect.stringMatching(/takes more than 1\d{9} bytes/) },
        megabytes: expect.toSatisfy((megabytes: number) => megabytes < 600),
      });
    },
    60_000,
  );

  it('one that does not end is ended', async () => {
    const { value } = await inNode(
      `
      import { readOnnxFile } from '@jetsdk/onnx';
      import { tryInChild } from './dist/node/trial.js';
      const model = fixture('hostile/endless');
      const trial = { name: 'endless', model, facts: readOnnxFile(model, 'endless'), use: { kind: 'tagger', hints: {} } };
      const failed = await failure(tryInChild('cpu', 1500)(trial));
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 1000);
      print({ failed, stopped: await failure(tryInChild('cpu')({ ...trial, signal: stop.signal })) });`,
      {},
    );
    expect(value).toEqual({
      failed: {
        code: 'LIMIT_EXCEEDED',
        message: expect.stringContaining('neither opened nor run on a jet within 2 s'),
      },
      stopped: { code: 'CANCELLED', message: 'endless: stopped by the caller' },
    });
  }, 60_000);

  it('a file known by its hash is not tried', async () => {
    const sha256 = createHash('sha256').update(fixture('hostile/short')).digest('hex');
    const { value } = await inNode(
      `
      import childProcess from 'node:child_process';
      import { syncBuiltinESMExports } from 'node:module';
      let forks = 0;
      const { fork } = childProcess;
      childProcess.fork = (...args) => { forks++; return fork(...args); };
      syncBuiltinESMExports();
      const load = async (name, options) => {
        const before = forks;
        await (await loadTagger(fixture(name), { device: 'cpu', ...options })).dispose();
        return forks - before;
      };
      print([await load('hostile/short', {}), await load('hostile/short', { sha256: '${sha256}' }), await load('deep', {})]);`,
      {},
    );
    expect(value).toEqual([1, 0, 0]);
  }, 60_000);
});
