/** @file What `export` is told, and where it writes. */
import { basename, dirname, join } from 'node:path';
import { JetError, type Recipe } from '@jetsdk/jets';

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
  /** the mean over mirror images of a jet */
  readonly mirrors?: true;
  readonly triton?: string;
  /** of a model from elsewhere: what makes its images, and its classes by their numbers */
  readonly recipe?: Recipe;
  readonly classes?: readonly string[];
  /** of inputs that leave lengths open */
  readonly inputShape?: readonly number[] | Readonly<Record<string, readonly number[]>>;
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

/** @throws {JetError} BAD_ARGUMENT if what is no tagger's run is not alone, or is to be mirrored */
export function refuseMean(path: string, paths: readonly string[], { mirrors }: Pick<ExportFlags, 'mirrors'>): void {
  if (paths.length > 1 || mirrors === true)
    throw new JetError(
      'BAD_ARGUMENT',
      `export: ${path} is no run of a tagger, ${paths.length > 1 ? `one of ${paths.length} paths` : 'with --mirrors'}; expected runs of taggers, whose mean is exported; export it alone, without --mirrors`,
      { path },
    );
}

/** Whether what is written shall differ from what there is. */
export const isChanged = ({
  precision,
  measure,
  withPreprocessing,
  name,
  modelVersion,
  licence,
  architecture,
  inputShape,
  recipe,
  classes,
}: ExportFlags): boolean =>
  precision !== 'float32' ||
  measure.length > 0 ||
  withPreprocessing === true ||
  [name, modelVersion, licence, architecture, inputShape, recipe, classes].some((text) => text !== undefined);
