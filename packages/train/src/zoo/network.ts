/** @file What an entry of the zoo is. */

import type { TrainingSettings } from '../fit/settings.js';
import type { Network, NetworkSettings } from '../networks/network.js';

/** A reference network: its shape, its recipe and how it is trained are those of the model of its name. */
export interface ZooNetwork<S extends NetworkSettings = NetworkSettings> extends Network<S> {
  readonly name: string;
  readonly description: string;
  readonly recipe: NonNullable<Network['recipe']>;
  readonly inputShape: readonly number[];
  readonly outputs: 1 | 2;
  readonly defaults: Partial<TrainingSettings> &
    Pick<TrainingSettings, 'batchSize' | 'learningRate' | 'epochs' | 'patience'>;
}

/** An entry whose `build` knows the type of its settings. */
export const zooNetwork = <S extends NetworkSettings>(network: ZooNetwork<S>): ZooNetwork<S> => network;
