import type { CardMetrics } from '@jetsdk/jets';
import type { EvaluationResult } from './evaluate.js';

/** The file that was measured, and which of its jets. */
export type MeasuredFile = Pick<CardMetrics, 'dataset' | 'datasetHash' | 'where'>;

/** The part of an evaluation that belongs into a model card. */
export function cardMetrics(result: EvaluationResult, file: MeasuredFile): CardMetrics {
  const { signal, background, auc, aucStdErr, accuracy, rejection, rejectionArea } = result;
  return {
    ...file,
    signal,
    background,
    auc,
    aucStdErr,
    accuracy,
    rejection: rejection.map((at) => ({
      signalEfficiency: at.signalEfficiency,
      rejection: at.rejection,
      falsePositives: at.falsePositives,
    })),
    ...(rejectionArea !== undefined && { rejectionArea }),
  };
}
