/** @file How numbers read: as many digits as they deserve, commas between thousands. */
import { formatCount, formatCounted } from '@jetsdk/jets';

export { formatCount };

/** With a true minus sign. */
export const minus = (text: string): string => text.replace('-', '−');

/** A number with so many decimals: −1,234.50. */
export function formatFixed(value: number, decimals: number): string {
  const [whole, ...fraction] = value.toFixed(decimals).split('.');
  return minus([whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.'));
}

/** The title of an axis: its quantity, with the unit in brackets where it has one. */
export const axisTitle = (label: string, unit: string | undefined): string =>
  unit === undefined ? label : `${label} (${unit})`;

/** 1 jet, 2,000 jets. */
export function formatJets(count: number): string {
  return formatCounted(count, 'jet');
}

/** Digits after the point that a rejection of this size is given with. */
export function rejectionDecimals(rejection: number): number {
  return rejection >= 100 ? 0 : rejection >= 10 ? 1 : 2;
}

/** A rejection 1/ε_B, or a part of its interval: 1,294, 40.2, 3.21. */
export function formatRejection(value: number, decimals = rejectionDecimals(value)): string {
  return formatFixed(value, decimals);
}

/** An AUC or accuracy: 0.9776. */
export function formatShare(value: number): string {
  return minus(value.toFixed(4));
}

/** A confidence level: 68 %, 99.7 %. */
export function formatLevel(level: number): string {
  return `${Number((100 * level).toFixed(level > 0.99 ? 1 : 0))} %`;
}

/** A p-value: 0.032, or < 0.0001. */
export function formatPValue(p: number): string {
  return p < 1e-4 ? '< 0.0001' : p < 0.1 ? p.toFixed(p < 0.001 ? 4 : 3) : p.toFixed(2);
}
