import { readdirSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRunners } from '../compare.testing.js';
import { CASES, type LayerCase } from './cases.testing.js';
import { LAYERS } from './index.js';

/** The layer on its own, or behind a convolution, which leaves its output with channels first in memory. */
function modelOf({ inputs, layer }: LayerCase, behindConvolution: boolean): tf.LayersModel {
  const sources = inputs.map((shape) => tf.input({ shape: [...shape] }));
  const given = sources.map((source, i) =>
    behindConvolution && inputs[i].length === 3
      ? (tf.layers.conv2d({ filters: inputs[i][2], kernelSize: 1 }).apply(source) as tf.SymbolicTensor)
      : source,
  );
  const made = layer().apply(given.length === 1 ? given[0] : given) as tf.SymbolicTensor;
  return tf.model({ inputs: sources, outputs: made });
}

describe('every layer kind: naive, tfjs and ONNX Runtime agree', () => {
  for (const [kind, cases] of Object.entries(CASES))
    it(kind, async () => {
      await fc.assert(
        fc.asyncProperty(cases, fc.boolean(), fc.nat(1e6), async (one, behind, seed) => {
          await compareRunners(modelOf(one, behind), seed, { indices: one.indices });
        }),
        { numRuns: 12 },
      );
    });
});

describe('the registry', () => {
  it('has a row for every rule in this folder', async () => {
    const files = readdirSync(import.meta.dirname).filter(
      (file) => /^[a-zA-Z0-9]+\.ts$/.test(file) && file !== 'index.ts',
    );
    for (const file of files) {
      const exports: Record<string, unknown> = await import(/* @vite-ignore */ `./${file.replace(/ts$/, 'js')}`);
      for (const value of Object.values(exports))
        if (typeof value === 'object' && value !== null && 'kind' in value && 'emit' in value)
          expect(LAYERS, `${file} has a rule that is not in the table`).toContain(value);
    }
  });

  it('has a case in this suite for every row', () => {
    const kinds = LAYERS.map(({ kind }) => kind).filter((kind) => kind !== 'InputLayer');
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(Object.keys(CASES).sort()).toEqual(kinds.sort());
  });
});
