/** @file The jets of a training: what is learned from, what chooses the epoch, what is measured. */
import { basename } from 'node:path';
import {
  classNames,
  countClasses,
  formatCounted,
  type InputForm,
  JetError,
  type Progress,
  rangeSource,
  requireMembers,
  rowsWhere,
} from '@jetsdk/jets';
import { type OpenJetsOptions, openAllJets } from '@jetsdk/jets/files';
import { flatWeights } from '../fit/jetWeights.js';
import type { DatasetFacts } from '../run/run.js';
import type { CachedJets } from './cache/cacheFile.js';
import { type CacheResult, cachedInputs } from './cache/inputCache.js';
import { takeCached } from './cache/takeCached.js';
import { drawJets } from './drawJets.js';
import type { Examples } from './examples.js';
import { type Inputs, rowNumbers } from './inputs.js';
import { oddJets } from './oddJets.js';
import { type HashedFile, sharedFiles } from './sharedFiles.js';
import { splitJets } from './split.js';

/** Where the jets of a training come from. */
export interface TrainingFiles
  extends Pick<OpenJetsOptions, 'layout' | 'dataset' | 'padding' | 'components' | 'unit' | 'signal'> {
  /** labelled jets, of several files one after the other; split 60/20/20 at random unless `validation` or `splitBy` are given */
  readonly data: string | readonly string[];
  /** files of the jets that choose the best epoch */
  readonly validation?: string | readonly string[];
  /** files of jets that take no part, beside `validation` */
  readonly test?: string | readonly string[];
  /** column of `data` with 0 = training, 1 = test, 2 = validation */
  readonly splitBy?: string;
  /** a random split keeps the share of each class the same in all parts; default false */
  readonly stratified?: boolean;
  /** only these jets of `data`: first one, and the one after the last, undefined for the end of the file */
  readonly rows?: readonly [start: number, stop: number | undefined];
  /** learn from so many of the jets to learn from, drawn by the seed; default: all */
  readonly trainJets?: number;
  /** of a random split, and of jets that are drawn: an integer in [0, 2³²) */
  readonly seed: number;
  /** names of the classes by their numbers, background first, instead of those in the file */
  readonly classes?: readonly string[];
  /** weights that make the pT of every class flat; default false */
  readonly flatPt?: boolean;
}

/** The jets of a training, on disk: they are read by number when they are needed. */
export interface TrainingData {
  readonly training: Examples;
  /** jets that choose the best epoch */
  readonly validation: Examples;
  readonly test?: TestJets;
  readonly facts: DatasetFacts;
  /** frees the files; further reads fail. Without it they are freed when the process ends. */
  close(): Promise<void>;
}

/** Jets that took no part in the training. */
export interface TestJets {
  readonly name: string;
  readonly inputs: Inputs;
  /** (n,) class numbers */
  readonly labels: Uint8Array;
  /** (n,) their numbers in the file, where it was split at random */
  readonly jets?: Uint32Array;
}

/** Progress in the reading of one part. */
export interface ReadingProgress extends Progress {
  /** the files of a part, or the one that is hashed */
  readonly what: string;
  /** jets that are read, or bytes that are hashed */
  readonly unit: 'jets' | 'bytes';
}

export interface ReadTrainingDataOptions {
  onProgress?(progress: ReadingProgress): void;
  /** told of files that are in several parts, empty jets and odd units; `console.warn` by default */
  onWarning?(warning: string): void;
}

/** Values of the column of a split. */
export const PARTS = { train: 0, test: 1, validation: 2 } as const;

/** Shares of a random split: of all jets, and of what is left. */
const SHARES = { test: 0.2, validation: 0.25 };

/**
 * Opens the jets of a training and splits them. What a network takes of them is made in one pass over each file and kept in
 * the folder of `cacheFolder`, where the next training finds it.
 *
 * @param form what the network takes of a jet; undefined for images as they are
 * @throws {JetError} BAD_ARGUMENT if the split is asked for in two ways, or a file is given twice; OUT_OF_RANGE for rows that
 *   the file does not have; BAD_DATASET if a part has no jet of a class, or other
 *   classes; as `openJets` and `cachedInputs`
 */
export async function readTrainingData(
  files: TrainingFiles,
  form: InputForm | undefined,
  { onProgress, onWarning = console.warn }: ReadTrainingDataOptions = {},
): Promise<TrainingData> {
  requireMembers('readTrainingData', files, ['data'], 'files, { data: [path, …] }');
  checkFiles(files);
  const { data, validation, test, splitBy, rows, flatPt = false } = files;
  const open: CachedJets[] = [];
  const read = async (
    given: string | readonly string[],
    selection: Pick<TrainingFiles, 'rows' | 'splitBy'> = {},
  ): Promise<CacheResult> => {
    const result = await readPart(pathsOf(given), files, selection, form, onProgress);
    open.push(result.jets);
    for (const warning of oddJets(nameOf(pathsOf(given)), result.jets)) onWarning(warning);
    return result;
  };
  const close = async (): Promise<void> => {
    for (const jets of open.splice(0)) await jets.close();
  };
  try {
    const { jets: all, hashes } = await read(data, {
      ...(rows && { rows }),
      ...(splitBy !== undefined && { splitBy }),
    });
    const found = countClasses(all.labels);
    const named = files.classes ?? all.classes ?? (found > 2 ? classNames(found) : undefined);
    const [start, stop] = rows ?? [0, undefined];
    const paths = pathsOf(data);
    const name = nameOf(paths);
    const learned: Learned = (jets) => {
      const there = jets ?? rowNumbers(0, all.labels.length);
      const drawn = files.trainJets === undefined ? jets : drawJets(there, files.trainJets, files.seed, name);
      return examplesOf(all, drawn, flatPt, name);
    };
    const facts = (split?: DatasetFacts['split']): DatasetFacts => ({
      name,
      ...(paths.length === 1
        ? { hash: hashes[0] }
        : { files: paths.map((path, i) => ({ name: path, hash: hashes[i] })) }),
      ...(rows && { rows: stop === undefined ? [start] : [start, stop] }),
      ...(named && { classes: named }),
      ...(split && { split }),
      ...(files.trainJets !== undefined && { drawSeed: files.seed }),
    });
    const filesOf = (given: string | readonly string[], sums: readonly string[]): HashedFile[] =>
      pathsOf(given).map((path, i) => ({ name: path, hash: sums[i] }));
    const given = { data: filesOf(data, hashes) };
    const whole = (parts: Parts, split?: DatasetFacts['split']): TrainingData => {
      requireClasses(parts, name, found);
      return { ...parts, facts: facts(split), close };
    };
    sharedFiles(given);
    if (splitBy !== undefined) return whole(splitByColumn(all, splitBy, name, learned), { column: splitBy });
    if (validation === undefined) {
      const split = { seed: files.seed, ...SHARES, stratified: files.stratified ?? false };
      return whole(splitAtRandom(all, split, name, learned, start), split);
    }
    const alike = async (given: string | readonly string[]): Promise<CacheResult> => {
      const part = await read(given);
      if (files.classes === undefined) requireSameClasses(nameOf(pathsOf(given)), part.jets.classes, all.classes);
      return part;
    };
    const chosen = await alike(validation);
    const held = test === undefined ? undefined : await alike(test);
    const shared = sharedFiles({
      ...given,
      validation: filesOf(validation, chosen.hashes),
      ...(test !== undefined && held && { test: filesOf(test, held.hashes) }),
    });
    for (const warning of shared) onWarning(warning);
    const { facts: known, ...parts } = whole({
      training: learned(undefined),
      validation: examplesOf(chosen.jets, undefined),
      ...(test !== undefined && held && { test: { name: nameOf(pathsOf(test)), ...examplesOf(held.jets, undefined) } }),
    });
    return { ...parts, facts: { ...known, validationHashes: chosen.hashes } };
  } catch (error) {
    await close();
    throw error;
  }
}

function checkFiles({ splitBy, validation, test }: TrainingFiles): void {
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
}

/** The inputs of some files, one after the other. */
function readPart(
  paths: readonly string[],
  { layout, dataset, padding, components, unit, signal }: TrainingFiles,
  { rows, splitBy }: Pick<TrainingFiles, 'rows' | 'splitBy'>,
  form: InputForm | undefined,
  onProgress?: (progress: ReadingProgress) => void,
): Promise<CacheResult> {
  const options = {
    ...(layout !== undefined && { layout }),
    ...(dataset !== undefined && { dataset }),
    ...(padding !== undefined && { padding }),
    ...(components !== undefined && { components }),
    ...(unit !== undefined && { unit }),
    ...(signal !== undefined && { signal }),
  };
  const what = nameOf(paths.map((path) => basename(path)));
  return cachedInputs({
    paths,
    options: { ...options, ...(rows && { rows: [rows[0], rows[1] ?? null] }) },
    form,
    ...(splitBy !== undefined && { column: splitBy }),
    open: async () => {
      const source = await openAllJets(paths, options);
      return rows === undefined ? source : rangeSource(source, rows[0], rows[1] ?? source.count);
    },
    ...(onProgress && {
      onProgress: (progress) => onProgress({ ...progress, what, unit: 'jets' }),
      onHash: (path, progress) => onProgress({ ...progress, what: basename(path), unit: 'bytes' }),
    }),
  });
}

const pathsOf = (given: string | readonly string[]): readonly string[] => (typeof given === 'string' ? [given] : given);

/** Files that are named; of more, the others are counted. */
const NAMED = 3;

function nameOf(paths: readonly string[]): string {
  if (paths.length <= NAMED) return paths.join(', ');
  return `${paths.slice(0, NAMED - 1).join(', ')} and ${paths.length - NAMED + 1} more`;
}

/** Examples of the jets to learn from; undefined for all. */
type Learned = (jets: Uint32Array | undefined) => Examples;

/** @throws {JetError} BAD_DATASET if both are known and differ */
function requireSameClasses(name: string, classes?: readonly string[], expected?: readonly string[]): void {
  if (classes && expected && classes.join('\0') !== expected.join('\0'))
    throw new JetError(
      'BAD_DATASET',
      `${name}: classes ${classes.join(', ')}, ${expected.join(', ')} in the jets to learn from; expected the same in the same order; where they mean the same, name them with --classes`,
      { classes, expected },
    );
}

type Parts = Pick<TrainingData, 'training' | 'validation' | 'test'>;

/** @throws {JetError} BAD_DATASET if a part has no jet of a class: hours later, nothing could be measured on it */
function requireClasses({ training, validation, test }: Parts, name: string, classes: number): void {
  for (const [what, part] of [
    ['to learn from', training],
    ['to choose the epoch by', validation],
    ['to measure on', test],
  ] as const) {
    if (part === undefined) continue;
    const there = new Set(part.labels);
    for (let label = 0; label < classes; label++)
      if (!there.has(label))
        throw new JetError(
          'BAD_DATASET',
          `${name}: ${formatCounted(part.labels.length, 'jet')} ${what}, 0 of class ${label}; expected jets of each of ${classes} classes; give more jets, or split them with --stratified`,
          { class: label, jets: part.labels.length },
        );
  }
}

/** @param name of the jets, for people */
function splitByColumn(all: CachedJets, column: string, name: string, learned: Learned): Parts {
  const part = (equals: number): Uint32Array => rowsWhere(name, all.column!, { column, equals });
  const [train, validation, test] = [part(PARTS.train), part(PARTS.validation), part(PARTS.test)];
  return {
    training: learned(train),
    validation: examplesOf(all, validation),
    test: { ...examplesOf(all, test), name: `${name}, ${column} = ${PARTS.test}` },
  };
}

function splitAtRandom(
  all: CachedJets,
  split: Parameters<typeof splitJets>[1],
  name: string,
  learned: Learned,
  first: number,
): Parts {
  const { train, validation, test } = splitJets(all.labels, split);
  return {
    training: learned(train),
    validation: examplesOf(all, validation),
    test: {
      ...examplesOf(all, test),
      name: `${name}, ${formatCounted(test.length, 'jet')} set apart`,
      jets: test.map((jet) => first + jet),
    },
  };
}

/** Some of the jets, or all of them, with weights that make their pT flat where asked for. */
function examplesOf(all: CachedJets, jets: Uint32Array | undefined, flatPt = false, name = ''): Examples {
  const weights = flatPt ? weightsOf(all, name, jets) : undefined;
  if (jets === undefined) return { inputs: all.inputs, labels: all.labels, ...(weights && { weights }) };
  const labels = new Uint8Array(jets.length);
  for (let i = 0; i < jets.length; i++) labels[i] = all.labels[jets[i]];
  return { inputs: takeCached(all, jets), labels, ...(weights && { weights }) };
}

/** @throws {JetError} BAD_DATASET for images, which do not tell their pT */
function weightsOf({ pt, labels }: CachedJets, name: string, jets?: Uint32Array): Float32Array {
  if (pt === undefined)
    throw new JetError(
      'BAD_DATASET',
      `${name}: got images; expected constituents, which tell the pT of a jet; train without flat pT (--no-flat-pt)`,
      { name },
    );
  if (jets === undefined) return flatWeights(pt, labels);
  return flatWeights(
    Float64Array.from(jets, (jet) => pt[jet]),
    Uint8Array.from(jets, (jet) => labels[jet]),
  );
}
