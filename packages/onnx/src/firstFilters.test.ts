import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstFilters } from './firstFilters.js';

describe('firstFilters', () => {
  const root = join(import.meta.dirname, '../../..');
  const read = (path: string) => firstFilters(readFileSync(join(root, path)));

  it('reads the kernels of the first convolution', () => {
    const bank = read('models/course-cnn/model.onnx');
    expect(bank).toMatchObject({ shape: [3, 3, 1, 8] });
    expect(typeof bank === 'string' ? [] : bank.weights).toHaveLength(72);
  });

  it('says why there are none', () => {
    expect(read('packages/infer/fixtures/flat.onnx')).toMatch(/no convolution/);
    expect(read('packages/infer/fixtures/half.onnx')).toMatch(/float16|no convolution/);
  });
});
