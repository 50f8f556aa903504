/** @file Makes a `JetSource` of something that can fill arrays with rows. */

import { counted } from '../counted.js';
import { isJetError, JetError } from '../errors.js';
import { firstNotFinite } from '../io/bytes/numbers.js';
import type { Beside, JetImages, Jets } from '../jets.js';
import { MEMORY_REMEDY, memoryFor } from '../memoryBudget.js';
import { areParticles, remedyIfPadding, requireParticles } from '../particles.js';
import { sizeOf } from '../tensor.js';
import { checkCount, checkRange } from './checks.js';
import type { Component } from './components.js';
import type { PackedJets } from './packed.js';
import { COUNT_NAMES, checkPadding, clearPadding, type Padding } from './padding.js';
import type { JetSource, Watch } from './source.js';

/** What a reader of a file format has to know and do. */
export interface SliceReader {
  readonly name: string;
  readonly kind: 'constituents' | 'images';
  readonly count: number;
  readonly jetShape: readonly number[];
  readonly classes?: readonly string[];
  /** what the file says that the numbers of a constituent are; without it: E, px, py, pz */
  readonly components?: readonly Component[];
  readonly hasCharge?: boolean;
  readonly hasVertex?: boolean;
  /** writes jets [start, stop) to the front of `out`, and of `charge` and `vertex` where it has them */
  fill(
    start: number,
    stop: number,
    out: Float32Array,
    charge: Int8Array | undefined,
    vertex: Int8Array | undefined,
  ): void | Promise<void>;
  labels?(watch?: Watch): Uint8Array | Promise<Uint8Array>;
  /** those of jets [start, stop) */
  labelsBetween?(start: number, stop: number): Promise<Uint8Array>;
  ids?(): readonly string[] | Promise<readonly string[]>;
  /** (count,) numbers of a column */
  column?(name: string): Promise<Float64Array>;
  /** where the jets lie, so that other threads can read them */
  share?(): PackedJets | undefined;
}

/** Numbers as jets. */
export function jetsOf(
  kind: 'constituents' | 'images',
  jetShape: readonly number[],
  data: Float32Array,
  beside: Beside = {},
): Jets | JetImages {
  const [a, b, c] = jetShape;
  const jets = data.length / sizeOf(jetShape);
  if (kind === 'images') return { kind, shape: [jets, a, b, c], data };
  return { kind, shape: [jets, a, 4], data, ...beside };
}

/**
 * Adds to a reader what all sources share: range checks, and an error for numbers that are not finite.
 *
 * @param close is called once
 * @param padding the value of constituents that are none
 * @throws {JetError} LIMIT_EXCEEDED if it claims more than 100 million jets; BAD_ARGUMENT for padding of images
 */
export function sliceSource(reader: SliceReader, close: () => void, padding?: Padding): JetSource {
  const { name, kind, count, jetShape, classes } = reader;
  const size = sizeOf(jetShape);
  checkCount(name, count);
  checkPadding(padding);
  if (padding !== undefined && kind === 'images')
    throw new JetError(
      'BAD_ARGUMENT',
      `${name}: option padding for images; expected constituents, of which jets have different numbers; leave it out`,
    );
  let counts: Promise<Float64Array | undefined> | undefined;
  let closed = false;
  const checkOpen = (): void => {
    if (closed)
      throw new JetError('BAD_ARGUMENT', `${name}: the source has been closed; open the file again`, { name });
  };
  const source: JetSource = {
    name,
    kind,
    count,
    jetShape,
    ...(classes ? { classes } : {}),
    async read(start, stop): Promise<Jets | JetImages> {
      checkOpen();
      checkRange(name, start, stop, count);
      const jets = stop - start;
      const bytes = 4 * jets * size;
      const limit = memoryFor('slice');
      if (bytes > limit)
        throw new JetError(
          'LIMIT_EXCEEDED',
          `${name}: ${counted(jets, 'jet')} of ${size} numbers in one read, which take ${bytes} bytes; expected at most ${limit}; read smaller slices, ${MEMORY_REMEDY}`,
          { jets, size, bytes, limit },
        );
      const data = new Float32Array(jets * size);
      const room = (there: boolean | undefined): Int8Array | undefined =>
        there ? new Int8Array((jets * size) / 4) : undefined;
      const charge = room(reader.hasCharge);
      const vertex = room(reader.hasVertex);
      await reader.fill(start, stop, data, charge, vertex);
      const beside: Beside = { ...(charge && { charge }), ...(vertex && { vertex }) };
      if (padding !== undefined) {
        counts ??= countsOf(reader, name);
        const part = (await counts)?.subarray(start, stop);
        clearPadding(name, data, beside, jetShape[0], padding, start, part);
      }
      const read = jetsOf(kind, jetShape, data, beside);
      if (kind === 'constituents' && areParticles(data)) return read;
      const bad = firstNotFinite(data, 0, data.length);
      if (bad >= 0) {
        const jet = start + Math.floor(bad / size);
        throw new JetError(
          'NOT_FINITE',
          `${name}: jet ${jet} holds ${data[bad]}; expected finite numbers; remove or repair that jet${kind === 'constituents' ? remedyIfPadding(data, bad) : ''}`,
          { jet, value: data[bad] },
        );
      }
      if (read.kind === 'constituents') requireParticles(read, name, start);
      return read;
    },
    async labels(watch) {
      checkOpen();
      return reader.labels?.(watch);
    },
    ...(reader.labelsBetween && {
      async labelsBetween(start, stop) {
        checkOpen();
        checkRange(name, start, stop, count);
        return reader.labelsBetween?.(start, stop);
      },
    }),
    ...(reader.ids
      ? {
          async ids() {
            checkOpen();
            return reader.ids?.();
          },
        }
      : {}),
    ...(reader.column && {
      async column(wanted) {
        checkOpen();
        return reader.column?.(wanted) ?? new Float64Array(0);
      },
    }),
    share() {
      checkOpen();
      // A copy of the source may stand for other rows.
      return this === source && padding === undefined ? reader.share?.() : undefined;
    },
    close() {
      if (closed) return;
      closed = true;
      close();
    },
  };
  return source;
}

/**
 * Numbers of constituents, where the file tells them.
 *
 * @throws {JetError} OUT_OF_RANGE for what is no number of constituents
 */
async function countsOf(reader: SliceReader, name: string): Promise<Float64Array | undefined> {
  for (const column of COUNT_NAMES)
    try {
      const counts = await reader.column?.(column);
      if (counts?.length !== reader.count) continue;
      const bad = counts.findIndex((count) => !Number.isInteger(count) || count < 0);
      if (bad < 0) return counts;
      throw new JetError(
        'OUT_OF_RANGE',
        `${name}: ${column} of jet ${bad} is ${counts[bad]}; expected a number of constituents, which tells padding; correct it, or call it otherwise`,
        { jet: bad, count: counts[bad] },
      );
    } catch (error) {
      if (!isJetError(error, 'BAD_DATASET')) throw error;
    }
  return undefined;
}
