/** @file Made-up jets to try a device with. */
import { type Random, random } from '@jetsdk/jets';
import type { Chunk } from './chunk.js';
import type { Plan } from './plan.js';

/** Side of the images where a model takes any size. */
const FREE_SIZE = 32;

/**
 * Jets as a model takes them: sparse images with falling pixels, falling constituents, or standard normal numbers
 * for other inputs. The same numbers on every call.
 */
export function sampleChunk(plan: Plan, jets: number): Chunk {
  const stream = random(1);
  const { uniform, normal } = stream;
  const parts = plan.inputs.map((input) => {
    const one = (input.layout === 'flat' ? [1, input.graphShape[0], 1] : input.shape).map((size) => size ?? FREE_SIZE);
    const shape = [jets, ...one];
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    if (input.kind === 'images') {
      fillPixels(data, stream);
    } else if (input.kind === 'constituents') {
      for (let i = 0; i < data.length; i += 4) {
        const slot = (i / 4) % one[0]!;
        const pt = 100 * Math.exp(-slot / 8) * uniform();
        const eta = 0.4 * normal();
        const phi = 0.4 * normal();
        data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], i);
      }
    } else for (let i = 0; i < data.length; i++) data[i] = normal();
    return { shape, data };
  });
  const kind = plan.inputs.length > 1 ? 'inputs' : plan.inputs[0]!.kind === 'tensor' ? 'inputs' : plan.inputs[0]!.kind;
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
