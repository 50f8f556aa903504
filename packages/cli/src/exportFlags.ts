/** @file What `export` is told, and where it writes. */
import { basename, dirname, join } from 'node:path';
import { JetError } from '@jetsdk/jets';

export type Precision = 'float32' | 'float16' | 'int8';

export interface ExportFlags {
  readonly output?: string;
  readonly name?: string;
  readonly modelVersion?: string;
  readonly licence?: string;
  readonly calibration?: string;
  readonly precision: Precision;
  readonly measure: readonly string[];
  /** of a regression: other ways of correcting, by the beginnings of the names of columns */
  readonly beside?: readonly string[];
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

/** @throws {JetError} BAD_ARGUMENT if other ways of correcting are named */
export function refuseBeside(path: string, { beside }: Pick<ExportFlags, 'beside'>): void {
  if (beside !== undefined)
    throw new JetError('BAD_ARGUMENT', `export: ${path} corrects no jets; expected no --beside; leave it out`);
}
