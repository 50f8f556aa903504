/** @file The jets of a training: what is learned from, what chooses the epoch, what is measured. */
import { basename } from 'node:path';
import { JetError, type JetImages, type Jets, takeRows } from '@jetsdk/jets';
import { fileHash } from '@jetsdk/jets/files';
import { type DatasetFacts, type Examples, flatWeights, splitJets } from '@jetsdk/train';
import { type InputForm, type LabelledInputs, readLabelledInputs, type Selection } from './dataset.js';
import { type Layout, layoutOf } from './options.js';

/** Where the jets of a training come from. */
export interface TrainingFiles {
  readonly data: string;
  readonly validation?: string;
  readonly test?: string;
  /** column of `data` with 0 = training, 1 = test, 2 = validation */
  readonly splitBy?: string;
  readonly stratified?: true;
  /** only these jets of `data` */
  readonly rows?: NonNullable<Selection['rows']>;
  /** of a random split */
  readonly seed: number;
  /** names of the classes, background first, instead of those in the file */
  readonly classes?: readonly string[];
  /** how columns become jets, of all ROOT and Parquet files */
  readonly layout?: Layout;
  /** weights that make the pT of every class flat */
  readonly flatPt?: true;
}

export interface TrainingData {
  readonly training: Examples;
  readonly validation: Examples;
  readonly test?: TestJets;
  readonly facts: DatasetFacts;
}

/** Jets that took no part in the training. */
export interface TestJets {
  readonly name: string;
  readonly inputs: JetImages | Jets;
  readonly labels: Uint8Array;
  /** their numbers in the file, where it was split at random */
  readonly jets?: Uint32Array;
}

const TRAIN = 0;
const VALIDATION = 2;

/** Value of the column of a split for test jets. */
export const TEST = 1;

/**
 * Reads and splits the jets.
 *
 * @throws {JetError} BAD_ARGUMENT if the split is asked for in two ways; as `readLabelledInputs`
 */
export async function readTrainingData(files: TrainingFiles, form: InputForm | undefined): Promise<TrainingData> {
  const { data, validation, test, splitBy, rows, flatPt, layout } = files;
  if (splitBy !== undefined && (validation !== undefined || test !== undefined))
    throw new JetError(
      'BAD_ARGUMENT',
      `train: --split-by ${splitBy} and ${validation === undefined ? '--test' : '--validation'}; the column tells which jets are which: leave one out`,
    );
  if (test !== undefined && validation === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      'train: --test without --validation; a file that is split at random has test jets of its own',
    );
  const name = basename(data);
  const pt = flatPt && { pt: flatPt };
  const read = (path: string, label: string, selection: Selection): Promise<LabelledInputs> =>
    readLabelledInputs(path, form, label, { ...layoutOf(layout), ...selection });
  const hash = await fileHash(data);
  const factsWith = (
    classes: readonly string[] | undefined,
    split?: NonNullable<DatasetFacts['split']>,
  ): DatasetFacts => {
    const named = files.classes ?? classes;
    return { name: data, hash, ...(named && { classes: named }), ...(split && { split }) };
  };
  if (splitBy !== undefined) {
    const part = (equals: number, label: string): Promise<LabelledInputs> =>
      read(data, `${name}, ${label}`, {
        ...(rows && { rows }),
        ...(equals === TRAIN && pt),
        where: { column: splitBy, equals },
      });
    const learned = await part(TRAIN, 'training');
    return {
      training: examples(learned),
      validation: examples(await part(VALIDATION, 'validation')),
      test: { ...(await part(TEST, 'test')), name: `${data}, ${splitBy} = ${TEST}` },
      facts: factsWith(learned.classes, { column: splitBy }),
    };
  }
  const all = await read(data, name, { ...(rows && { rows }), ...pt });
  if (validation === undefined) return splitAtRandom(all, files, factsWith);
  return {
    training: examples(all),
    validation: examples(await read(validation, basename(validation), {})),
    ...(test !== undefined && { test: { ...(await read(test, basename(test), {})), name: test } }),
    facts: factsWith(all.classes),
  };
}

function splitAtRandom(
  all: LabelledInputs,
  { seed, stratified, data }: TrainingFiles,
  factsWith: (classes: readonly string[] | undefined, split: NonNullable<DatasetFacts['split']>) => DatasetFacts,
): TrainingData {
  const split = { seed, test: 0.2, validation: 0.25, stratified: stratified ?? false };
  const jets = splitJets(all.labels, split);
  const part = (rows: Uint32Array): LabelledInputs => ({
    inputs: takeRows(all.inputs, rows),
    labels: Uint8Array.from(rows, (i) => all.labels[i]),
    ...(all.pt && { pt: Float64Array.from(rows, (i) => all.pt![i]) }),
  });
  const { inputs, labels } = part(jets.test);
  const { pt: _, ...validation } = part(jets.validation);
  return {
    training: examples(part(jets.train)),
    validation,
    test: { name: `${data}, ${labels.length} jets set apart`, inputs, labels, jets: jets.test },
    facts: factsWith(all.classes, split),
  };
}

function examples({ inputs, labels, pt }: LabelledInputs): Examples {
  return { inputs, labels, ...(pt && { weights: flatWeights(pt, labels) }) };
}
