/** @file Networks that give the velocity of a flow. */
import { TIME_COLUMNS } from '@jetsdk/jets';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { seededLayers } from '../networks/layers.js';

export interface FlowNetworkOptions {
  /** columns of each part of the state */
  readonly parts: readonly number[];
  /** units of the hidden layers, one number per part */
  readonly units: readonly number[];
  /** residual blocks of two layers */
  readonly blocks: number;
  /** columns of what the network is told of the conditions */
  readonly features: number;
  /** an integer in [0, 2³²) */
  readonly seed: number;
}

/**
 * A residual network of dense layers per part: part k sees the parts up to k, the time and the conditions, so that what
 * comes first (the energies of the layers) does not hang on what comes after (the cells). Its last layers begin at 0,
 * which is the flow of Gaussian noise onto itself.
 *
 * Inputs `part_0`, `part_1`, … and `condition` (time, then features); outputs the velocities of the parts.
 */
export function flowNetwork({ parts, units, blocks, features, seed }: FlowNetworkOptions): LayersModel {
  const layers = seededLayers(seed);
  const states = parts.map((columns, k) => layers.input({ name: `part_${k}`, shape: [columns] }));
  const condition = layers.input({ name: 'condition', shape: [TIME_COLUMNS + features] });
  const velocities = parts.map((columns, k) => {
    const dense = (name: string, width: number, activation?: 'relu') =>
      layers.dense({ name: `${name}_${k}`, units: width, ...(activation && { activation }) });
    const seen = layers
      .concatenate({ name: `seen_${k}` })
      .apply([...states.slice(0, k + 1), condition]) as SymbolicTensor;
    let hidden = dense('enter', units[k], 'relu').apply(seen) as SymbolicTensor;
    for (let block = 1; block <= blocks; block++) {
      const told = layers.concatenate({ name: `told_${k}_${block}` }).apply([hidden, condition]);
      const inner = dense(`inner_${block}`, units[k], 'relu').apply(told);
      const change = dense(`change_${block}`, units[k]).apply(inner);
      hidden = layers.add({ name: `add_${k}_${block}` }).apply([hidden, change as SymbolicTensor]) as SymbolicTensor;
    }
    return layers
      .dense({ name: `velocity_${k}`, units: columns, kernelInitializer: 'zeros' })
      .apply(hidden) as SymbolicTensor;
  });
  return layers.model({ name: 'flow', inputs: [...states, condition], outputs: velocities });
}
