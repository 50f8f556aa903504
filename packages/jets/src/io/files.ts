/** @file Data files of every format, in Node and in pages. */
import { counted } from '../counted.js';
import { isJetError, JetError } from '../errors.js';
import {
  binaryLabels,
  classNumbers,
  finiteScores,
  LABEL_NAMES,
  type NumberArray,
  onePerJet,
  type ScoreTable,
  scoreTable,
} from '../source/perJet.js';
import { sliceSource } from '../source/sliceSource.js';
import type { JetSource } from '../source/source.js';
import { type ColumnOptions, noColumn, pickColumn } from './columns.js';
import type { OpenJetsOptions } from './format.js';
import type { FileInput } from './host.js';
import { type Opened, withOpened } from './open.js';
import { signalLabels } from './signalLabels.js';

export type { Padding } from '../source/padding.js';
export type { ScoreTable } from '../source/perJet.js';
export { fetchBlob } from './bytes/fetchBlob.js';
export { readZip, type ZipLimits } from './bytes/zip.js';
export {
  parseBinning,
  readVoxelShowers,
  type VoxelBinning,
  type VoxelLayer,
  type VoxelShowers,
  voxelArrays,
} from './caloChallenge.js';
export { type CaloGanShowers, readCaloGan } from './caloGan.js';
export type { ColumnOptions } from './columns.js';
export * from './describeFile.js';
export type { ArrayDescription, FileContents, FileFormat, OpenJetsOptions, TableDescription } from './format.js';
export type { FileInput, Jsroot, RootBuffer } from './host.js';
export { type JetNetJets, jetNetArrays, readJetNet } from './jetNet.js';
export { type LaganJets, readLagan } from './lagan.js';
export { type Hdf5Array, type Hdf5Arrays, openHdf5 } from './openHdf5.js';
export { openAllJets, openJets } from './openJets.js';
export { type ReadArraysOptions, readArrays } from './readArrays.js';
export { layoutNames } from './tables/layout.js';
export type { LabelChoice, LayoutColumns, LayoutEvents, LayoutJson } from './tables/layoutJson.js';

/**
 * Reads scores: a `.npy` array, an array of a `.npz` archive, or a column of an HDF5, ROOT, Parquet, `.csv` or `.txt` file.
 *
 * @param options `column` is needed unless it is called `scores` or `score`, or is the only array
 * @returns (n,) as stored where that is float32 or float64
 * @throws {JetError} as `openJets`; SHAPE_MISMATCH if there is not one number per jet; NOT_FINITE
 */
export async function readScores(
  input: FileInput,
  options: ColumnOptions & OpenJetsOptions = {},
): Promise<Float32Array | Float64Array> {
  const { name, array } = await readNamed(input, SCORE_NAMES, options);
  return finiteScores(onePerJet(array, name), name);
}

/**
 * Reads scores of one class or several: as `readScores`, and tables of scores.
 *
 * @returns shape (n, classes), row-major; (n, 1) where there is one score per jet
 * @throws {JetError} as `readScores`
 */
export async function readScoreTable(
  input: FileInput,
  options: ColumnOptions & OpenJetsOptions = {},
): Promise<ScoreTable> {
  const { name, array } = await readNamed(input, SCORE_NAMES, options);
  return scoreTable(array, name);
}

/**
 * Reads one number of each jet, such as its weight or its mass: a `.npy` array, an array of a `.npz` archive, or a column of an
 * HDF5, ROOT, Parquet, `.csv` or `.txt` file.
 *
 * @param name what it is usually called
 * @param options `column` is needed unless it is called so, or is the only array
 * @returns (n,) as doubles; 64-bit integers become the nearest one
 * @throws {JetError} as `readScores`
 */
export async function readPerJet(
  input: FileInput,
  name: string,
  options: ColumnOptions & OpenJetsOptions = {},
): Promise<Float64Array> {
  const found = await readNamed(input, [name], options);
  return Float64Array.from(finiteScores(onePerJet(found.array, found.name), found.name, name));
}

const SCORE_NAMES = ['scores', 'score'];

/** The column that is asked for, or the first of several names, or the only array. */
function readNamed(
  input: FileInput,
  names: readonly string[],
  { column, ...options }: ColumnOptions & OpenJetsOptions,
): Promise<Read> {
  return withOpened(input, options, async (opened) => {
    const found = await readColumn(opened, column, names);
    if (found) return found;
    throw noColumn(opened.name, names[0], [], [...(await opened.columns()).keys()]);
  });
}

/**
 * Reads labels: a `.npy` array, an array of a `.npz` archive, a column of an HDF5, ROOT, Parquet, `.csv` or `.txt` file, or
 * the labels that come with the jets of such a file.
 *
 * @param options `column` is needed unless it is called `labels`, `label`, `y`, `is_signal_new` or `is_signal`; `signal` where the labels are not 0 and 1
 * @returns (n,) 0 = background, 1 = signal; of one-hot labels (n, 2) the second column
 * @throws {JetError} as `openJets`; BAD_DATASET if there are none, or one is neither 0 nor 1, or a row is not one-hot
 */
export async function readLabels(
  input: FileInput,
  { signal, ...options }: LabelOptions & OpenJetsOptions = {},
): Promise<Uint8Array> {
  if (signal !== undefined) return withOpened(input, options, (opened) => signalLabels(opened, signal, options.column));
  const { name, array } = await readLabelColumn(input, options);
  return binaryLabels(array.shape.length === 2 ? classNumbers(array, name) : onePerJet(array, name), name);
}

/**
 * Reads labels of any number of classes, from where `readLabels` finds them.
 *
 * @returns (n,) numbers of the classes, from 0; of one-hot labels (n, k) those of the columns
 * @throws {JetError} as `openJets`; BAD_DATASET if there are none, or one is no whole number from 0 to 254, or a row is not one-hot
 */
export async function readClasses(
  input: FileInput,
  options: ColumnOptions & OpenJetsOptions = {},
): Promise<Uint8Array> {
  const { name, array } = await readLabelColumn(input, options);
  return classNumbers(array, name);
}

function readLabelColumn(input: FileInput, { column, ...options }: ColumnOptions & OpenJetsOptions): Promise<Read> {
  return withOpened(input, options, async (opened) => {
    // a layout says itself which columns tell the class
    const byLayout = options.layout !== undefined && column === undefined;
    const found = byLayout ? undefined : await readColumn(opened, column, LABEL_NAMES);
    if (found) return found;
    const source = await jetsOrNone(opened);
    if (source === undefined) throw noColumn(opened.name, LABEL_NAMES[0], [], [...(await opened.columns()).keys()]);
    const labels = await source.labels();
    if (labels) return { name: opened.name, array: { shape: [labels.length], data: labels } };
    throw new JetError(
      'BAD_DATASET',
      `${opened.name}: no labels beside its ${counted(source.count, 'jet')}; expected a column or dataset ${LABEL_NAMES.join(', ')}; name another one with the option column`,
      { jets: source.count },
    );
  });
}

/**
 * Reads columns of a table, one-dimensional datasets, or arrays by name: `ttv`, `jet_pt`, …
 *
 * @returns (rows,) for each name, as doubles; 64-bit integers become the nearest double
 * @throws {JetError} as `openJets`; BAD_DATASET if a column is not there
 */
export async function readColumns<Name extends string>(
  input: FileInput,
  names: readonly Name[],
  options: OpenJetsOptions = {},
): Promise<Record<Name, Float64Array>> {
  return withOpened(input, options, async (opened) => {
    const columns = {} as Record<Name, Float64Array>;
    for (const name of names) {
      const found = await readColumn(opened, name, []);
      columns[name] = found ? Float64Array.from(onePerJet(found.array, found.name), Number) : new Float64Array(0);
    }
    return columns;
  });
}

/** Where in a file the labels are found, and what they mean. */
export type LabelOptions = ColumnOptions & Pick<OpenJetsOptions, 'signal'>;

/** Undefined where the file has no jets. */
async function jetsOrNone(opened: Opened): Promise<JetSource | undefined> {
  try {
    return sliceSource(await opened.jets(), () => {});
  } catch (error) {
    if (isJetError(error, 'BAD_DATASET')) return undefined;
    throw error;
  }
}

/** Numbers of a file, and what they are called in messages. */
interface Read {
  readonly name: string;
  readonly array: NumberArray;
}

async function readColumn(
  opened: Opened,
  column: string | undefined,
  expected: readonly string[],
): Promise<Read | undefined> {
  const found = await pickColumn(opened, column, expected);
  const { name } = opened;
  return found && { name: found.name === '' ? name : `${name}: ${found.name}`, array: await found.column.read() };
}
