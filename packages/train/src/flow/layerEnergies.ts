/** @file The energies of three layers as three numbers that are about normal, and back. */
import type { FormulaWriter } from '@jetsdk/jets';
import { leastSquares } from './linear.js';

export const LAYERS = 3;
/** fractions of layers are known to this */
const [TINY_LEAK, TINY_FIRST, TINY_LAST] = [1e-5, 1e-4, 1e-5];
/** coefficients of a trend: a cubic in ln E */
const TERMS = 4;

/** What the three numbers are about at an energy, and by how much they differ from it. */
export interface EnergyTrend {
  /** (TERMS,) of each number, in powers of ln E */
  readonly trend: readonly Float64Array[];
  readonly spread: readonly number[];
}

/**
 * ln of the share of the energy that is not seen, log-odds of the first layer's share, ln of the last one's.
 *
 * @param sums (showers · 3,) MeV, none of them all 0
 * @param energy (showers,) GeV
 * @returns (showers · 3,)
 */
function rawNumbers(sums: Float64Array, energy: Float32Array): Float64Array {
  const out = new Float64Array(sums.length);
  for (let row = 0, at = 0; row < energy.length; row++, at += LAYERS) {
    const total = sums[at] + sums[at + 1] + sums[at + 2];
    const share = sums[at] / total;
    out[at] = Math.log(Math.max(TINY_LEAK, 1 - total / (1000 * energy[row])));
    out[at + 1] = Math.log((share + TINY_FIRST) / (1 - share + TINY_FIRST));
    out[at + 2] = Math.log(sums[at + 2] / total + TINY_LAST);
  }
  return out;
}

/** @param sums (showers · 3,) MeV @param energy (showers,) GeV */
export function fitEnergies(sums: Float64Array, energy: Float32Array): EnergyTrend {
  const raw = rawNumbers(sums, energy);
  const rows = energy.length;
  const design = new Float64Array(TERMS * rows);
  for (let i = 0; i < rows; i++)
    for (let power = 0; power < TERMS; power++) design[TERMS * i + power] = Math.log(energy[i]) ** power;
  const trend = Array.from({ length: LAYERS }, (_, k) =>
    leastSquares(
      design,
      TERMS,
      Float64Array.from({ length: rows }, (_, i) => raw[LAYERS * i + k]),
    ),
  );
  const spread = trend.map((coefficients, k) => {
    let squares = 0;
    for (let i = 0; i < rows; i++)
      squares += (raw[LAYERS * i + k] - polynomial(coefficients, Math.log(energy[i]))) ** 2;
    return Math.sqrt(squares / rows);
  });
  return { trend, spread };
}

/** @returns (showers · 3,) of unit spread at every energy */
export function energyNumbers({ trend, spread }: EnergyTrend, sums: Float64Array, energy: Float32Array): Float32Array {
  return Float32Array.from(rawNumbers(sums, energy), (value, i) => {
    const k = i % LAYERS;
    return (value - polynomial(trend[k], Math.log(energy[Math.floor(i / LAYERS)]))) / spread[k];
  });
}

/** Writes the way back. @param first (n, 3) @returns the energy of each layer, MeV, (n, 1) */
export function writeEnergies(
  write: FormulaWriter,
  { trend, spread }: EnergyTrend,
  first: number,
  energy: number,
): number[] {
  const { pair } = write;
  const number = (value: number): number => write.constant([value]);
  const [zero, one] = [number(0), number(1)];
  const ln = write.log(energy);
  const ofPower = (power: number): number => write.constant(trend.map((coefficients) => coefficients[power]));
  let raw = pair('Add', pair('Mul', first, write.constant(spread)), ofPower(0));
  for (let power = 1, x = ln; power < TERMS; power++, x = pair('Mul', x, ln))
    raw = pair('Add', raw, pair('Mul', x, ofPower(power)));
  const column = (k: number): number => write.exp(write.slice(raw, k, k + 1));
  const seen = pair('Mul', pair('Mul', energy, number(1000)), pair('Max', zero, pair('Sub', one, column(0))));
  const odds = column(1);
  const share0 = pair(
    'Max',
    zero,
    pair('Div', pair('Sub', pair('Mul', odds, number(1 + TINY_FIRST)), number(TINY_FIRST)), pair('Add', odds, one)),
  );
  const share2 = pair('Max', zero, pair('Sub', column(2), number(TINY_LAST)));
  const share1 = pair('Max', zero, pair('Sub', pair('Sub', one, share0), share2));
  return [share0, share1, share2].map((share) => pair('Mul', share, seen));
}

const polynomial = (coefficients: ArrayLike<number>, x: number): number => {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
};
