/** @file Whether four-vectors can be those of particles: E ≥ |p|, beyond what rounding does to them. */
import { JetError } from './errors.js';
import type { Jets } from './jets.js';

/** Half precision rounds each component by up to 1 in 2,048: E and |p| together move by less than this. */
const ROUNDING = 2e-3;
const LEAST = (1 - ROUNDING) ** 2;
/** GeV; the smallest numbers of half precision are rounded by less. */
const SLACK = 1e-6;

/**
 * How far E² is above the least that a particle of this momentum has; below 0 where there is none.
 *
 * @param p2 |p|²
 * @returns NaN or infinity if a component is
 */
export function spareEnergy(e: number, p2: number): number {
  const room = e + SLACK;
  return room * Math.abs(room) - LEAST * p2;
}

/** Whether every number is finite and every constituent a particle: one look at each number. */
export function areParticles(data: Float32Array): boolean {
  for (let at = 0; at + 3 < data.length; at += 4) {
    const px = data[at + 1];
    const py = data[at + 2];
    const pz = data[at + 3];
    const spare = spareEnergy(data[at], px * px + py * py + pz * pz);
    if (!(spare >= 0 && spare < Number.POSITIVE_INFINITY)) return false;
  }
  return true;
}

/**
 * Looks at every constituent. NaN passes: who uses the numbers finds it.
 *
 * @param where for messages, e.g. the name of a file
 * @param first number of the first jet, for messages
 * @throws {JetError} BAD_DATASET with jet, constituent and the likely cause at the first E < |p|, relative to rounding
 *   in half precision
 */
export function requireParticles({ data, shape }: Jets, where = 'jets', first = 0): void {
  for (let at = 0; at < data.length; at += 4)
    if (spareEnergy(data[at], data[at + 1] ** 2 + data[at + 2] ** 2 + data[at + 3] ** 2) < 0) {
      const jet = first + Math.floor(at / (4 * shape[1]));
      const constituent = (at / 4) % shape[1];
      const vector = [...data.subarray(at, at + 4)];
      throw new JetError(
        'BAD_DATASET',
        `${where}: constituent ${constituent} of jet ${jet} is (${vector.map(short).join(', ')}); expected (E, px, py, pz) with E ≥ |p|, here ${short(norm(vector.slice(1)))}; ${causeOf(vector)}`,
        { jet, constituent, vector },
      );
    }
}

/** What to do with a file that marks padding in that way. @param value as float32 has it */
function paddingRemedy(value: number): string {
  const text = written(value);
  return `where ${text} is padding, read the file with --padding ${text.toLowerCase()} (in code: padding of openJets)`;
}

/**
 * What to do about a number that is not finite, for the end of a message: empty unless all numbers of its constituent are the
 * same, as those of padding are.
 *
 * @param data (jets, constituents, 4) @param at index of the number
 */
export function remedyIfPadding(data: Float32Array, at: number): string {
  const from = at - (at % 4);
  const value = data[at];
  return data.subarray(from, from + 4).every((other) => Object.is(other, value)) ? `; ${paddingRemedy(value)}` : '';
}

/** The fewest digits that are this number as float32, which who wrote −999.9 or 1e20 has thought of. */
function written(value: number): string {
  if (Math.abs(value) === Number.POSITIVE_INFINITY) return value > 0 ? 'inf' : '-inf';
  for (let digits = 1; digits <= 9; digits++) {
    const near = Number(value.toPrecision(digits));
    if (Math.fround(near) === Math.fround(value)) return tidy(near);
  }
  return String(value);
}

/** Large numbers with an exponent, which JavaScript writes from 1e21 on alone. */
const tidy = (value: number): string =>
  Math.abs(value) < 1e7 || !Number.isFinite(value) ? String(value) : value.toExponential().replace('e+', 'e');

/** Heavier than this many times its momentum is hardly any constituent. */
const HEAVIEST = 2;

function causeOf(vector: readonly number[]): string {
  const [e, , , last] = vector;
  if (
    vector.every((value) => value === e) ||
    (e < 0 && Number.isInteger(e) && vector.slice(1).every((value) => value === 0 || value === e))
  )
    return paddingRemedy(e);
  const ratio = last / norm(vector.slice(0, 3));
  if (ratio >= 1 - ROUNDING && ratio <= HEAVIEST)
    return 'the order may be px, py, pz, E: read the file with --components px,py,pz,E (in code: components of openJets)';
  return 'these may be other coordinates, such as pT, η, φ and mass, or relative ones: read the file with --components pt,eta,phi,m (in code: components of openJets), or by a layout';
}

const norm = (vector: readonly number[]): number => Math.hypot(...vector);
const short = (value: number): string => tidy(Number(value.toPrecision(6)));
