/** @file Files of jets for the tests of shards. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpy } from '@jetsdk/jets/npy';
import { onTestFinished } from 'vitest';
import { fixturePixels } from '../testing/fixtures.testing.js';

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-shards-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Images of 12 × 12 pixels in `.npy` files of so many jets each, consecutive jets of one list. */
export function imageFiles(folder: string, ...counts: readonly number[]): string[] {
  const size = 144;
  const pixels = fixturePixels(counts.reduce((sum, count) => sum + count, 0) * size);
  let first = 0;
  return counts.map((count, i) => {
    const path = join(folder, `jets-${i}.npy`);
    const data = pixels.slice(first * size, (first + count) * size);
    writeFileSync(path, writeNpy({ dtype: 'float32', shape: [count, 12, 12, 1], data }));
    first += count;
    return path;
  });
}
