/** @file Constituents as codes of one or two bytes, about the axis of their jet: momenta, places and flags decoded. */
import type { ColumnTable, TableColumn } from './columnTable.js';

/** Places of a bin: 280 bins a unit, 252 of them over ±0.45, so that 7 of them are a pixel of 0.025. */
const placeOf = (bin: number): number => -0.45 + (bin + 0.5) / 280;

/** Column from which each column follows, and how. */
const DECODED: Readonly<Record<string, readonly [code: string, decode: (code: number) => number]>> = {
  pt: ['pt_code', (code) => 0.1 * Math.exp(code / 400)],
  eta_rel: ['eta_bin', placeOf],
  phi_rel: ['phi_bin', placeOf],
  charge: ['flags', (flags) => flags & 1],
  leading: ['flags', (flags) => (flags >> 1) & 1],
};

/**
 * The table with columns `pt` (GeV), `eta_rel`, `phi_rel` (from the axis), `charge` (1 for charged, of either sign, 0 for
 * neutral) and `leading` (1 for the leading vertex) where it has `pt_code`, `eta_bin`, `phi_bin` and `flags`, and no
 * column of such a name.
 */
export function withDecodedCodes<T extends ColumnTable>(table: T): T {
  const columns = new Map(table.columns);
  for (const [name, [code, decode]] of Object.entries(DECODED)) {
    const coded = columns.get(code);
    if (coded?.form === 'list' && !columns.has(name)) columns.set(name, decoded(coded, decode));
  }
  return { ...table, columns };
}

function decoded(coded: TableColumn, decode: (code: number) => number): TableColumn {
  return {
    type: 'float64[]',
    form: 'list',
    async read(start, stop) {
      const { values, offsets } = await coded.read(start, stop);
      const decodes = new Float64Array(values.length);
      for (let i = 0; i < values.length; i++) decodes[i] = decode(values[i]);
      return { values: decodes, offsets };
    },
  };
}
