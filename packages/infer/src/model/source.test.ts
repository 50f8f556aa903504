import { describe, expect, it } from 'vitest';
import { besideUrl } from './source.js';

describe('besideUrl', () => {
  it('finds a file beside an address, whatever its name', () => {
    expect(besideUrl('http://h/a/m.onnx?x=1', 'm.onnx.data')).toBe('http://h/a/m.onnx.data');
    expect(besideUrl('http://h/a/m.onnx', 'b/c d#?.bin')).toBe('http://h/a/b/c%20d%23%3F.bin');
  });
});
