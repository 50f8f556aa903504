import type { ModelCard } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { tritonConfig } from './tritonConfig.js';

const card: ModelCard = {
  format: 'jetsdk-card/1',
  name: 'top-1.2',
  version: '1',
  task: 'top "tagging" \\ ü\n',
  classes: ['QCD', 'W', 'top'],
  signalClass: 'top',
  input: { kind: 'images', name: 'image', shape: [40, 40, 1], layout: 'NHWC' },
  output: { name: 'probabilities', kind: 'probabilities' },
  sdkVersion: '0.1.0',
  licence: 'MIT',
};

/** Reads a string of the text format back to what it stands for. */
function unquoted(text: string): string {
  const bytes = text.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : code,
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('tritonConfig', () => {
  it('names ports, shapes without the batch axis, and the batch limit', () => {
    const config = tritonConfig(card, 'ab'.repeat(32));
    expect(config).toMatch(/^name: "top-1.2"\nbackend: "onnxruntime"\nmax_batch_size: 1024\n/);
    expect(config.replace(/\s+/g, ' ')).toContain(
      'input [ { name: "image" data_type: TYPE_FP32 dims: [ 40, 40, 1 ] } ] output [ { name: "probabilities" data_type: TYPE_FP32 dims: [ 3 ] } ]',
    );
    expect(config).toContain(`string_value: "${'ab'.repeat(32)}"`);
    const single = tritonConfig({ ...card, output: { name: 'score', kind: 'score' } }, '');
    expect(single).toContain('dims: [ 1 ]');
  });

  it('carries the card in printable ASCII', () => {
    const config = tritonConfig(card, '');
    expect(config).toMatch(/^[\n\x20-\x7e]*$/);
    const [, text] = /key: "jetsdk.card"\n {2}value: \{ string_value: "((?:[^"\\]|\\.)*)" \}/.exec(config)!;
    expect(JSON.parse(unquoted(text!))).toEqual(card);
  });

  it('refuses names that are no folder and outputs that are no scores', () => {
    for (const name of ['', '..', 'a/b', 'a b', '-x'])
      expect(() => tritonConfig({ ...card, name }, '')).toThrow('triton: model name');
    expect(() => tritonConfig({ ...card, output: { name: 'y', kind: 'values' } }, '')).toThrow('holds values');
  });
});
