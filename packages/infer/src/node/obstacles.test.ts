import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { missingLibraries } from './obstacles.js';

describe.runIf(process.platform === 'linux')('missingLibraries', () => {
  const main = createRequire(import.meta.url).resolve('onnxruntime-node');
  const binding = join(dirname(main), '..', 'bin', 'napi-v6', 'linux', process.arch, 'onnxruntime_binding.node');

  test('finds nothing missing of a library that loads', () => {
    expect(missingLibraries(binding)).toEqual([]);
  });

  test('names what a library does not find any more, away from its folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'jetsdk-libraries-'));
    copyFileSync(binding, join(folder, 'binding.node'));
    expect(missingLibraries(join(folder, 'binding.node'))).toEqual(['libonnxruntime.so.1']);
    rmSync(folder, { recursive: true });
  });
});
