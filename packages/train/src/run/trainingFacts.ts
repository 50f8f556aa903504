import type { CardTraining } from '@jetsdk/jets';
import type { EpochLosses } from '../fit/history.js';
import type { Run } from './run.js';

/** What a card tells of a training. */
export function trainingFacts({
  run,
  history,
}: {
  readonly run: Pick<Run, 'settings' | 'dataset' | 'parameters' | 'initial' | 'backend'>;
  readonly history: { readonly epochs: readonly EpochLosses[]; readonly bestEpoch: number };
}): CardTraining {
  const { settings, dataset } = run;
  return {
    network: settings.network,
    parameters: run.parameters,
    dataset: dataset.name,
    ...(dataset.hash !== undefined && { datasetHash: dataset.hash }),
    ...(dataset.files && { files: dataset.files }),
    ...(dataset.rows && { rows: dataset.rows }),
    ...(dataset.validationHashes && { validationHashes: dataset.validationHashes }),
    ...(dataset.split && { split: dataset.split }),
    ...(dataset.drawSeed !== undefined && { drawSeed: dataset.drawSeed }),
    trainJets: dataset.trainJets,
    validationJets: dataset.validationJets,
    ...(dataset.range && { range: dataset.range }),
    seed: settings.seed,
    epochs: history.epochs.length,
    bestEpoch: history.bestEpoch,
    batchSize: settings.batchSize,
    optimizer: settings.optimizer?.kind ?? 'adam',
    learningRate: settings.learningRate,
    backend: run.backend,
    seconds: history.epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    ...(run.initial !== undefined && { initial: run.initial }),
  };
}
