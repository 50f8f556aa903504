/** @file The two forms in which jets travel: constituents and images. */
import { argumentText, requireMembers } from './door.js';
import { JetError } from './errors.js';

/** Jets as lists of constituents. */
export interface Jets {
  readonly kind: 'constituents';
  readonly shape: readonly [jets: number, constituents: number, components: 4];
  /** (jets, constituents, 4) row-major: E, px, py, pz in GeV; an all-zero row is padding */
  readonly data: Float32Array;
  /** (jets, constituents) electric charge in units of e, where the file has it */
  readonly charge?: Int8Array;
  /** (jets, constituents) the collision each comes from, where it is known: 0 is the leading vertex, others are pile-up */
  readonly vertex?: Int8Array;
}

/** What constituents may have beside their four-vectors: (jets, constituents) int8 each. */
export const BESIDE = ['charge', 'vertex'] as const;

/** By the names of `BESIDE`, those that there are. */
export type Beside = { readonly [K in (typeof BESIDE)[number]]?: Int8Array };

/** Jets as images; pixels are channels-last. */
export interface JetImages {
  readonly kind: 'images';
  readonly shape: readonly [jets: number, height: number, width: number, channels: number];
  /** (jets, height, width, channels) row-major */
  readonly data: Float32Array;
}

/**
 * Wraps four-vectors without copying.
 *
 * @param data (jets × constituents × 4) E, px, py, pz in GeV
 * @throws {JetError} SHAPE_MISMATCH if the length is not a multiple of 4 × constituents; BAD_ARGUMENT
 */
export function jets(data: Float32Array, constituents: number): Jets {
  requireNumbers('jets', data);
  requireCount('jets', 'constituents', constituents);
  const width = constituents * 4;
  if (data.length % width !== 0)
    throw new JetError(
      'SHAPE_MISMATCH',
      `jets: ${data.length} numbers for ${constituents} constituents per jet; expected a multiple of ${width}`,
      { length: data.length, constituents },
    );
  return { kind: 'constituents', shape: [data.length / width, constituents, 4], data };
}

/**
 * Wraps pixels without copying.
 *
 * @param data (jets × height × width × channels)
 * @throws {JetError} SHAPE_MISMATCH if the length is not a multiple of one image; BAD_ARGUMENT
 */
export function jetImages(
  data: Float32Array,
  shape: readonly [height: number, width: number, channels: number],
): JetImages {
  requireNumbers('jetImages', data);
  if (!Array.isArray(shape) || shape.length !== 3)
    throw new JetError(
      'BAD_ARGUMENT',
      `jetImages: shape is ${argumentText(shape)}; expected [height, width, channels], 1 channel for plain images`,
    );
  for (const size of shape) requireCount('jetImages', 'a size of the shape', size);
  const [height, width, channels] = shape;
  const size = height * width * channels;
  if (data.length % size !== 0)
    throw new JetError(
      'SHAPE_MISMATCH',
      `jetImages: ${data.length} pixels for images of ${height}×${width}×${channels}; expected a multiple of ${size}`,
      { length: data.length, height, width, channels },
    );
  return { kind: 'images', shape: [data.length / size, height, width, channels], data };
}

/** @throws {JetError} BAD_ARGUMENT unless it is jets in memory */
export function requireJets(where: string, all: unknown): void {
  requireMembers(
    where,
    all,
    ['kind', 'shape', 'data'],
    'jets in memory; give jets(data, constituents) or jetImages(data, shape)',
  );
}

function requireNumbers(where: string, data: unknown): void {
  if (!(data instanceof Float32Array))
    throw new JetError(
      'BAD_ARGUMENT',
      `${where}: data are ${argumentText(data)}; expected a Float32Array; convert numbers with Float32Array.from`,
    );
}

function requireCount(where: string, what: string, count: unknown): void {
  if (!Number.isInteger(count) || (count as number) < 1)
    throw new JetError('BAD_ARGUMENT', `${where}: ${what} is ${argumentText(count)}; expected a whole number above 0`);
}

/** Jets [start, stop) as a view on the same memory. */
export function sliceJets<J extends Jets | JetImages>(all: J, start: number, stop: number): J {
  const size = all.data.length / Math.max(1, all.shape[0]);
  const part = {
    ...all,
    shape: [stop - start, ...all.shape.slice(1)],
    data: all.data.subarray(start * size, stop * size),
  };
  const [from, to] = [start * all.shape[1], stop * all.shape[1]];
  return { ...part, ...(all.kind === 'constituents' && mapBeside(all, (numbers) => numbers.subarray(from, to))) };
}

/** The same jets in memory of their own. */
export function copyJets<J extends Jets | JetImages>(all: J): J {
  return {
    ...all,
    data: all.data.slice(),
    ...(all.kind === 'constituents' && mapBeside(all, (numbers) => numbers.slice())),
  };
}

/** What constituents have beside their four-vectors, each changed. */
export function mapBeside(all: Beside, change: (numbers: Int8Array) => Int8Array): Beside {
  return Object.fromEntries(
    BESIDE.flatMap((key) => {
      const numbers = all[key];
      return numbers === undefined ? [] : [[key, change(numbers)]];
    }),
  );
}
