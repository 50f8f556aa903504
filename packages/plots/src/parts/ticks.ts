/** @file Where axes have their ticks and how these read. */
import { formatFixed, minus } from './formatNumber.js';

export interface Ticks {
  readonly major: readonly number[];
  readonly minor: readonly number[];
  /** false: numbers without tick lines */
  readonly lines?: false;
  /** label of a major tick, with `^{…}` for powers */
  readonly format: (value: number) => string;
}

/** The round step (1, 2 or 5 times a power of ten) that cuts a span into about `count` pieces. */
function roundStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = rough / power;
  return (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10) * power;
}

function multiples([low, high]: readonly [number, number], step: number): number[] {
  const slack = 1e-9;
  const found: number[] = [];
  for (let i = Math.ceil(low / step - slack); i <= Math.floor(high / step + slack); i++)
    found.push(Number((i * step).toPrecision(12)));
  return found;
}

/** Round ticks of a linear axis, about `count` of them, four or five minor ones between each two. */
export function linearTicks(domain: readonly [low: number, high: number], count: number): Ticks {
  const step = roundStep(domain[1] - domain[0], count);
  const lead = Number(step.toExponential()[0]);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return {
    major: multiples(domain, step),
    minor: multiples(domain, step / (lead === 2 ? 4 : 5)),
    format: (value) => (decimals > 6 ? minus(value.toPrecision(3)) : formatFixed(value, decimals)),
  };
}

/** A linear domain widened to whole ticks. */
export function niceDomain([low, high]: readonly [number, number], count = 5): [number, number] {
  if (low === high) return [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const step = roundStep(high - low, count);
  return [
    Number((Math.floor(low / step + 1e-9) * step).toPrecision(12)),
    Number((Math.ceil(high / step - 1e-9) * step).toPrecision(12)),
  ];
}

/** A power of ten as a tick reads it: 1, 10, then 10^{n}. */
export function powerLabel(exponent: number): string {
  return exponent === 0 ? '1' : exponent === 1 ? '10' : `10^{${minus(String(exponent))}}`;
}

/**
 * Decades of a logarithmic axis, thinned where there are many; 2 … 9 as minor ticks. Where there are fewer than two, also
 * numbers between them: 2 and 5 of each, or those of a linear axis.
 */
export function logTicks([low, high]: readonly [low: number, high: number], count: number): Ticks {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / count));
  const major: number[] = [];
  const minor: number[] = [];
  for (let exponent = first - 1; exponent <= last; exponent++) {
    if (exponent >= first) ((exponent - first) % every === 0 ? major : minor).push(10 ** exponent);
    if (every > 1) continue;
    for (let digit = 2; digit < 10; digit++) {
      const value = digit * 10 ** exponent;
      if (value >= low && value <= high) minor.push(value);
    }
  }
  if (major.length > 1) return { major, minor, format: (value) => powerLabel(Math.round(Math.log10(value))) };
  const between = [...major, ...minor.filter((value) => /^[25]/.test(value.toExponential()))].sort((a, b) => a - b);
  const numbers = between.length > 1 ? between : linearTicks([low, high], count).major;
  return { major: numbers, minor: minor.filter((value) => !numbers.includes(value)), format: plainLabel };
}

/** 0.05, 20, 5×10^{6} */
function plainLabel(value: number): string {
  const rounded = Number(value.toPrecision(6));
  if (rounded >= 1e-3 && rounded < 1e5) return formatFixed(rounded, String(rounded).split('.')[1]?.length ?? 0);
  const [digits, exponent] = rounded.toExponential().split('e');
  return digits === '1' ? powerLabel(Number(exponent)) : `${digits}×10^{${minus(String(Number(exponent)))}}`;
}
