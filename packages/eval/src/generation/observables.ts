/** @file Named columns of two samples, compared one by one. */
import { separationPower, wasserstein } from './histograms.js';

/** Named columns of numbers, (n,) each. */
export type Observables = ReadonlyMap<string, Float64Array>;

/** One observable of both samples. */
export interface ObservableDistance {
  readonly name: string;
  /** in the unit of the observable: MeV, mm or 1 */
  readonly wasserstein: number;
  /** of the bootstrap */
  readonly wassersteinStdErr: number;
  /** of histograms of 20 bins, and what equal samples would have */
  readonly separation: number;
  readonly separationOfChance: number;
}

/** @throws {JetError} as `wasserstein` and `separationPower` */
export function observableDistances(simulated: Observables, generated: Observables): ObservableDistance[] {
  return Array.from(simulated, ([name, values]) => {
    const others = generated.get(name) ?? new Float64Array();
    const distance = wasserstein(values, others, { replicates: 50 });
    const { value, ofChance } = separationPower(values, others);
    return {
      name,
      wasserstein: distance.value,
      wassersteinStdErr: distance.stdErr,
      separation: value,
      separationOfChance: ofChance,
    };
  });
}

/** @param columns of one length @returns (rows, columns), row-major */
export function tableOf(columns: readonly ArrayLike<number>[]): { shape: readonly number[]; data: Float64Array } {
  const rows = columns[0]?.length ?? 0;
  const data = new Float64Array(columns.length * rows);
  columns.forEach((column, k) => {
    for (let i = 0; i < rows; i++) data[i * columns.length + k] = column[i];
  });
  return { shape: [rows, columns.length], data };
}
