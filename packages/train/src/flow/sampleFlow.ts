/** @file The trainer's own sampler: what an exported generator is compared with. */
import {
  computeFormula,
  type Flow,
  requireMembers,
  sizeOf,
  type Tensor,
  TIME_COLUMNS,
  timeFeatures,
} from '@jetsdk/jets';
import { add, concat, mul, slice, type Tensor as TfTensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { modelOf } from '../model/artifacts.js';
import { numbersOf } from '../model/readTensors.js';

/**
 * Carries noise to showers or jets, on the selected backend.
 *
 * @param noise (rows, sum of the parts), standard normal
 * @param conditions (rows, 1) each, by name
 * @returns by name, as `flow.decode` has them
 * @throws {JetError} BAD_MODEL; as `computeFormula`
 */
export async function sampleFlow(
  flow: Flow,
  noise: Tensor,
  conditions: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Tensor>> {
  requireMembers('sampleFlow', flow, ['network', 'parts'], 'a trained flow; loadFlow gives one');
  requireMembers('sampleFlow', noise, ['shape', 'data'], 'noise, { shape, data }; normalNoise gives it');
  const network = await modelOf(flow.network);
  try {
    const { features } = computeFormula(flow.features, conditions) as { features: Tensor };
    const rows = noise.shape[0];
    const moved = tidy(() => {
      const told = tensor(features.data, [rows, sizeOf(features.shape.slice(1))]);
      const whole = tensor(noise.data, [rows, noise.shape[1]]);
      let at = 0;
      let parts = flow.parts.map((columns) => {
        at += columns;
        return slice(whole, [0, at - columns], [rows, columns]);
      });
      const velocities = (states: readonly TfTensor[], t: number): TfTensor[] => {
        const time = new Float32Array(rows * TIME_COLUMNS);
        for (let row = 0; row < rows; row++) timeFeatures(t, time, row * TIME_COLUMNS);
        const condition = concat([tensor(time, [rows, TIME_COLUMNS]), told], 1);
        return [network.apply([...states, condition]) as TfTensor | TfTensor[]].flat();
      };
      const move = (states: readonly TfTensor[], speeds: readonly TfTensor[], by: number): TfTensor[] =>
        states.map((state, k) => add(state, mul(speeds[k], by)));
      for (let step = 0; step < flow.steps; step++) {
        const [t, h] = [step / flow.steps, 1 / flow.steps];
        const middle = move(parts, velocities(parts, t), h / 2);
        parts = move(parts, velocities(middle, t + h / 2), h);
      }
      return parts;
    });
    const parts: Record<string, Tensor> = {};
    for (const [k, part] of moved.entries())
      parts[`part_${k}`] = { shape: [rows, flow.parts[k]], data: Float32Array.from(await numbersOf(part)) };
    for (const part of moved) part.dispose();
    return computeFormula(flow.decode, { ...parts, ...conditions });
  } finally {
    network.dispose();
  }
}
