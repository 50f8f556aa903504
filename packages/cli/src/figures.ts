/** @file What scores are worth: of two classes by one score a jet, of more by one for each class. */
import { type EvaluationResult, evaluate, type MultiClass, multiClass } from '@jetsdk/eval';
import { classText } from './classFigures.js';
import { resultTable } from './resultTables.js';

export type Figures = EvaluationResult | MultiClass;

export const ofSeveralClasses = (figures: Figures): figures is MultiClass => 'oneVsRest' in figures;
export const ofTwoClasses = (figures: Figures): figures is EvaluationResult => !ofSeveralClasses(figures);

/**
 * @param labels (n,) numbers of the classes
 * @param scores (n,) of the signal, or (n, classes)
 * @throws {JetError} as `evaluate` and `multiClass`
 */
export function figuresOf(
  labels: Uint8Array,
  scores: Float32Array | Float64Array,
  { name, classes }: { readonly name: string; readonly classes?: readonly string[] | undefined },
): Figures {
  const width = scores.length / labels.length;
  if (width === 1) return evaluate(labels, scores, { name });
  return multiClass(labels, { shape: [labels.length, width], data: scores }, { name, classes });
}

/** Of several classes the mean over the classes, each against the rest. */
export const aucOf = (figures: Figures): number =>
  ofSeveralClasses(figures) ? figures.macroOneVsRest.auc : figures.auc;

export const accuracyOf = (figures: Figures): number =>
  ofSeveralClasses(figures) ? figures.confusion.accuracy.value : figures.accuracy;

/** For a terminal. */
export function figuresText(all: readonly Figures[]): string {
  const several = all.filter(ofSeveralClasses);
  return several.length > 0 ? classText(several) : resultTable(all.filter(ofTwoClasses));
}

/** The score of the signal, the last class, of outputs (n, 1) or (n, 2); (n, classes) of more as they are. */
export function scoresOf(outputs: Float32Array, jets: number): Float32Array {
  const width = outputs.length / jets;
  return width === 2 ? Float32Array.from({ length: jets }, (_, jet) => outputs[2 * jet + 1]) : outputs;
}
