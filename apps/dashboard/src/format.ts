/** @file Numbers as text. */

import type { BackgroundRejection } from '@jetsdk/eval';
import { formatCount } from '@jetsdk/jets';

export const count = formatCount;

export function bytes(value: number): string {
  const [size, unit] = value < 1e6 ? [value / 1e3, 'kB'] : [value / 1e6, 'MB'];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

export const share = (value: number): string => minus(value.toFixed(4));

/** With a true minus sign. */
export const minus = (text: string): string => text.replace('-', '−');

export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** To three digits or so. */
export const rejection = (value: number): string => (value < 100 ? value.toFixed(1) : count(Math.round(value)));

export const interval = ({ interval: { low, high } }: Pick<BackgroundRejection, 'interval'>): string =>
  `${rejection(low)} – ${rejection(high)}`;

export function pValue(value: number): string {
  if (value >= 1e-3) return value.toFixed(3);
  const exponent = Math.floor(Math.log10(value));
  return `${(value / 10 ** exponent).toFixed(0)} × 10${superscript(exponent)}`;
}

const superscript = (value: number): string =>
  String(value).replace(/[-0-9]/g, (char) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(char)]);

export const plural = (value: number, one: string): string => `${count(value)} ${one}${value === 1 ? '' : 's'}`;
