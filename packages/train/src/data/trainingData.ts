/** @file The jets of a training: what is learned from, what chooses the epoch, what is measured. */
import { basename } from 'node:path';
import {
  type InputForm,
  JetError,
  type JetImages,
  type JetSource,
  type Jets,
  type LabelledInputs,
  type Progress,
  rangeSource,
  readLabelledInputs,
  takeRows,
  type Where,
  whereSource,
} from '@jetsdk/jets';
import { fileHash, type OpenJetsOptions, openJets } from '@jetsdk/jets/files';
import { flatWeights } from '../fit/jetWeights.js';
import type { DatasetFacts } from '../run/run.js';
import type { Examples } from './examples.js';
import { splitJets } from './split.js';

/** Where the jets of a training come from. */
export interface TrainingFiles extends Pick<OpenJetsOptions, 'layout' | 'dataset' | 'padding'> {
  /** file of labelled jets; split 60/20/20 at random unless `validation` or `splitBy` are given */
  readonly data: string;
  /** file of the jets that choose the best epoch */
  readonly validation?: string;
  /** file of jets that take no part, beside `validation` */
  readonly test?: string;
  /** column of `data` with 0 = training, 1 = test, 2 = validation */
  readonly splitBy?: string;
  /** a random split keeps the share of each class the same in all parts; default false */
  readonly stratified?: boolean;
  /** only these jets of `data`: first one, and the one after the last, undefined for the end of the file */
  readonly rows?: readonly [start: number, stop: number | undefined];
  /** of a random split, an integer in [0, 2³²) */
  readonly seed: number;
  /** names of the classes, background first, instead of those in the file */
  readonly classes?: readonly string[];
  /** weights that make the pT of every class flat; default false */
  readonly flatPt?: boolean;
}

/** Examples that are still known as jets. */
export interface JetExamples extends Examples {
  readonly inputs: JetImages | Jets;
}

export interface TrainingData {
  readonly training: JetExamples;
  /** jets that choose the best epoch */
  readonly validation: JetExamples;
  readonly test?: TestJets;
  readonly facts: DatasetFacts;
}

/** Jets that took no part in the training. */
export interface TestJets {
  readonly name: string;
  readonly inputs: JetImages | Jets;
  /** (n,) class numbers */
  readonly labels: Uint8Array;
  /** (n,) their numbers in the file, where it was split at random */
  readonly jets?: Uint32Array;
}

/** Progress in the reading of one part. */
export interface ReadingProgress extends Progress {
  /** e.g. `jets.h5, validation` */
  readonly what: string;
}

/** Values of the column of a split. */
export const PARTS = { train: 0, test: 1, validation: 2 } as const;

/** Shares of a random split: of all jets, and of what is left. */
const SHARES = { test: 0.2, validation: 0.25 };

/**
 * Reads the jets of a training and splits them.
 *
 * @param form what the network takes of a jet; undefined for images as they are
 * @throws {JetError} BAD_ARGUMENT if the split is asked for in two ways; OUT_OF_RANGE for rows that the file does not
 *   have; as `openJets` and `readLabelledInputs`
 */
export async function readTrainingData(
  files: TrainingFiles,
  form: InputForm | undefined,
  { onProgress }: { onProgress?(progress: ReadingProgress): void } = {},
): Promise<TrainingData> {
  const { data, validation, test, splitBy, rows, flatPt = false, layout, dataset, padding } = files;
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
  const read = async (path: string, what: string, selection: Selection = {}): Promise<LabelledInputs> => {
    const file = await openJets(path, {
      ...(layout !== undefined && { layout }),
      ...(dataset !== undefined && { dataset }),
      ...(padding !== undefined && { padding }),
    });
    try {
      return await readLabelledInputs(await selected(file, selection), form, {
        pt: selection.pt ?? false,
        ...(onProgress && { onProgress: (progress) => onProgress({ ...progress, what }) }),
      });
    } finally {
      file.close();
    }
  };
  const hash = await fileHash(data);
  const factsWith = (classes: readonly string[] | undefined, split?: DatasetFacts['split']): DatasetFacts => {
    const named = files.classes ?? classes;
    const [start, stop] = rows ?? [0, undefined];
    return {
      name: data,
      hash,
      ...(rows && { rows: stop === undefined ? [start] : [start, stop] }),
      ...(named && { classes: named }),
      ...(split && { split }),
    };
  };
  const chosen = rows && { rows };
  if (splitBy !== undefined) {
    const part = (equals: number, label: string): Promise<LabelledInputs> =>
      read(data, `${name}, ${label}`, {
        ...chosen,
        pt: flatPt && equals === PARTS.train,
        where: { column: splitBy, equals },
      });
    const learned = await part(PARTS.train, 'training');
    return {
      training: examples(learned),
      validation: examples(await part(PARTS.validation, 'validation')),
      test: { ...(await part(PARTS.test, 'test')), name: `${data}, ${splitBy} = ${PARTS.test}` },
      facts: factsWith(learned.classes, { column: splitBy }),
    };
  }
  const all = await read(data, name, { ...chosen, pt: flatPt });
  if (validation === undefined) {
    const split = { seed: files.seed, ...SHARES, stratified: files.stratified ?? false };
    return { ...splitAtRandom(all, split, data, rows?.[0]), facts: factsWith(all.classes, split) };
  }
  return {
    training: examples(all),
    validation: examples(await read(validation, basename(validation))),
    ...(test !== undefined && { test: { ...(await read(test, basename(test))), name: test } }),
    facts: factsWith(all.classes),
  };
}

/** Which jets of a file, and whether their pT is wanted. */
interface Selection {
  readonly rows?: NonNullable<TrainingFiles['rows']>;
  readonly where?: Where;
  readonly pt?: boolean;
}

async function selected(file: JetSource, { rows, where }: Selection): Promise<JetSource> {
  const part = rows === undefined ? file : rangeSource(file, rows[0], rows[1] ?? file.count);
  return where === undefined ? part : whereSource(part, where);
}

function splitAtRandom(
  all: LabelledInputs,
  split: Parameters<typeof splitJets>[1],
  name: string,
  first = 0,
): Omit<TrainingData, 'facts'> {
  const jets = splitJets(all.labels, split);
  const { pt } = all;
  const part = (rows: Uint32Array): LabelledInputs => ({
    inputs: takeRows(all.inputs, rows),
    labels: Uint8Array.from(rows, (i) => all.labels[i]),
    ...(pt && { pt: Float64Array.from(rows, (i) => pt[i]) }),
  });
  const { inputs, labels } = part(jets.test);
  const { pt: _, ...validation } = part(jets.validation);
  return {
    training: examples(part(jets.train)),
    validation,
    test: {
      name: `${name}, ${labels.length} jets set apart`,
      inputs,
      labels,
      jets: jets.test.map((jet) => first + jet),
    },
  };
}

function examples({ inputs, labels, pt }: LabelledInputs): JetExamples {
  return { inputs, labels, ...(pt && { weights: flatWeights(pt, labels) }) };
}
