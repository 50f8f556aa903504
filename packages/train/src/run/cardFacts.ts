import type { CardMean, CardTraining, Recipe } from '@jetsdk/jets';
import type { LoadedRun } from './loadRun.js';
import { trainingFacts } from './trainingFacts.js';

/** What `certifiedExport` of @jetsdk/export writes into a card. */
export interface RunCardFacts {
  readonly name: string;
  readonly version?: string;
  readonly licence?: string;
  readonly classes?: readonly string[];
  readonly recipe?: Recipe;
  readonly training: CardTraining;
  readonly mean?: CardMean;
}

/**
 * What the card of a run says: its classes, its recipe and how it was trained.
 *
 * @param identity what only its author can say; default name: that of the network
 */
export function cardFacts(
  loaded: LoadedRun,
  identity: Partial<Pick<RunCardFacts, 'name' | 'version' | 'licence'>> = {},
): RunCardFacts {
  const { settings, dataset, recipe } = loaded.run;
  return {
    name: settings.network,
    ...identity,
    ...(dataset.classes && { classes: dataset.classes }),
    ...(recipe && { recipe }),
    training: trainingFacts(loaded),
  };
}
