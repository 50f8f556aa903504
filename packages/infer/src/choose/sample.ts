/** @file Made-up jets to try a device with. */
import { type Random, random, sizeOf } from '@jetsdk/jets';
import type { InputPlan, Plan } from '../model/plan.js';
import type { Chunk } from '../scoring/chunk.js';

const sizesOf = ({ layout, graphShape, shape }: InputPlan): readonly (number | undefined)[] =>
  layout === 'flat' ? [1, graphShape[0], 1] : shape;

/** Whether the model tells all its sizes, so that jets can be made up for it. */
export function canSample({ inputs }: Plan): boolean {
  return inputs.every((input) => sizesOf(input).every((size) => size !== undefined));
}

/**
 * Jets as a model takes them: sparse images with falling pixels, falling constituents, or standard normal numbers
 * for other inputs. The same numbers on every call. Only where `canSample`.
 */
export function sampleChunk(plan: Plan, jets: number): Chunk {
  const stream = random(1);
  const { uniform, normal } = stream;
  const parts = plan.inputs.map((input) => {
    const one = sizesOf(input) as readonly number[];
    const shape = [jets, ...one];
    const data = new Float32Array(sizeOf(shape));
    if (input.kind === 'images') {
      fillPixels(data, stream);
    } else if (input.kind === 'constituents') {
      for (let i = 0; i < data.length; i += 4) {
        const slot = (i / 4) % one[0];
        const pt = 100 * Math.exp(-slot / 8) * uniform();
        const eta = 0.4 * normal();
        const phi = 0.4 * normal();
        data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], i);
      }
    } else for (let i = 0; i < data.length; i++) data[i] = normal();
    return { shape, data };
  });
  const kind = plan.inputs.length > 1 ? 'inputs' : plan.inputs[0].kind === 'tensor' ? 'inputs' : plan.inputs[0].kind;
  return { kind, first: 0, jets, parts };
}

/** Sparse pixels in GeV; the same numbers on every call. */
export function samplePixels(count: number): Float32Array {
  const data = new Float32Array(count);
  fillPixels(data, random(1));
  return data;
}

function fillPixels(data: Float32Array, { uniform }: Random): void {
  for (let i = 0; i < data.length; i++) if (uniform() < 0.06) data[i] = -20 * Math.log(1 - uniform());
}
