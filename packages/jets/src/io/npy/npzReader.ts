/** @file Jets of `.npz` archives. */
import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import { quoted, shortText } from '../../quoted.js';
import { classNumbers, LABEL_NAMES, onePerJet } from '../../source/perJet.js';
import type { SliceReader } from '../../source/sliceSource.js';
import { sizeOf } from '../../tensor.js';
import { isNumberType } from '../bytes/numbers.js';
import { arrayReader } from './arrayReader.js';
import type { NpyArray } from './npy.js';
import { numbersOf } from './perJet.js';

/**
 * Jets of a `.npz` archive: `constituents` or `images` (or the only array of such a shape), with `labels`, `charge`,
 * `vertex` and `ids` where they are there.
 *
 * @throws {JetError} BAD_DATASET if there are no jets or several sets of them; SHAPE_MISMATCH if the lengths differ
 */
export function npzReader(arrays: ReadonlyMap<string, NpyArray>, name: string, dataset?: string): SliceReader {
  const jets = [...arrays].filter(
    ([key, { shape, dtype }]) =>
      (dataset ?? key) === key && (shape.length === 3 || shape.length === 4) && isNumberType(dtype),
  );
  const named = jets.filter(([key]) => key === 'constituents' || key === 'images');
  const candidates = named.length > 0 ? named : jets;
  if (candidates.length !== 1) {
    const found = [...arrays].map(([key, { dtype, shape }]) => `${key} ${dtype} (${shape.join(', ')})`);
    throw new JetError(
      'BAD_DATASET',
      `${name}: ${counted(candidates.length, 'set')} of jets${dataset === undefined ? '' : ` named ${quoted(dataset)}`} among ${found.slice(0, 8).join('; ') || 'no array'}; expected one array constituents (n, m, 4) or images (n, height, width[, channels]); choose with the option dataset`,
      { arrays: found },
    );
  }
  const [[key, array]] = candidates;
  const count = array.shape[0];
  const beside = (names: readonly string[], shape: readonly number[]): NpyArray | undefined => {
    const other = names.find((one) => arrays.has(one));
    const found = other === undefined ? undefined : arrays.get(other);
    if (found && (found.data.length !== sizeOf(shape) || found.shape[0] !== count))
      throw new JetError(
        'SHAPE_MISMATCH',
        `${name}: ${other} has shape (${found.shape.join(', ')}); expected (${shape.join(', ')}) beside ${key} of ${counted(count, 'jet')}`,
        { shape: found.shape, expected: shape },
      );
    return found;
  };
  const found = arrays.get(LABEL_NAMES.find((one) => arrays.has(one)) ?? '');
  const oneHot = found?.shape.length === 2 && found.shape[1] > 1 ? found.shape.slice(1) : [];
  const labels = beside(LABEL_NAMES, [count, ...oneHot]);
  const int8Beside = (what: string): Int8Array | undefined => {
    const found = key === 'images' ? undefined : beside([what], array.shape.slice(0, 2));
    if (found === undefined || found.dtype === 'int8') return found?.data;
    throw new JetError(
      'UNSUPPORTED',
      `${name}: ${what} is ${found.dtype}; expected int8; save with astype(numpy.int8)`,
      { dtype: found.dtype },
    );
  };
  const ids = beside(['ids'], [count]);
  const charge = int8Beside('charge');
  const vertex = int8Beside('vertex');
  const where = `${name}: labels`;
  const reader = arrayReader(array, name, {
    ...(labels ? { labels: () => classNumbers(numbersOf(labels, where), where) } : {}),
    ...(charge && { charge }),
    ...(vertex && { vertex }),
    ...(ids?.dtype === 'string' || ids?.dtype === 'bytes' ? { ids: ids.data } : {}),
  });
  return {
    ...reader,
    async column(column) {
      const where = `${name}: ${shortText(column)}`;
      return Float64Array.from(onePerJet(numbersOf(pick(arrays, name, column), where), where), Number);
    },
  };
}

function pick(arrays: ReadonlyMap<string, NpyArray>, name: string, wanted: string): NpyArray {
  const found = arrays.get(wanted);
  if (found) return found;
  throw new JetError(
    'BAD_DATASET',
    `${name}: no array ${quoted(wanted)}; the archive has ${[...arrays.keys()].join(', ') || 'none'}`,
    { arrays: [...arrays.keys()] },
  );
}
