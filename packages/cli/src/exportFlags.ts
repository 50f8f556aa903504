/** @file What `export` is told, and where it writes. */
import { basename, dirname, join } from 'node:path';

export type Precision = 'float32' | 'float16' | 'int8';

export interface ExportFlags {
  readonly output?: string;
  readonly name?: string;
  readonly modelVersion?: string;
  readonly licence?: string;
  readonly calibration?: string;
  readonly precision: Precision;
  readonly measure: readonly string[];
  readonly withPreprocessing?: true;
  readonly triton?: string;
  /** of one input, where the model leaves lengths open */
  readonly inputShape?: readonly number[];
  /** of weights that come without theirs */
  readonly architecture?: string;
}

/** Where the card goes beside a model: `card.json` for model.onnx, else under the model's own name. */
export function cardPath(output: string): string {
  const stem = basename(output, '.onnx');
  return join(dirname(output), stem === 'model' ? 'card.json' : `${stem}.card.json`);
}
