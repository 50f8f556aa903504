/** @file Constituents in fewer bytes than their four-vectors take: as codes, or as halves of their momenta. */
import type { ColumnTable, TableColumn } from './columnTable.js';

/** Places of a bin: 280 bins a unit, 252 of them over ±0.45, so that 7 of them are a pixel of 0.025. */
const placeOf = (bin: number): number => -0.45 + (bin + 0.5) / 280;

const twice = (half: number): number => 2 * half;

/** Column from which each column follows, and how. */
type Decoded = Readonly<Record<string, readonly [code: string, decode: (code: number) => number]>>;

const CODES: Decoded = {
  pt: ['pt_code', (code) => 0.1 * Math.exp(code / 400)],
  eta_rel: ['eta_bin', placeOf],
  phi_rel: ['phi_bin', placeOf],
  charge: ['flags', (flags) => flags & 1],
  leading: ['flags', (flags) => (flags >> 1) & 1],
};

const HALVES: Decoded = { twice_px: ['px', twice], twice_py: ['py', twice], twice_pz: ['pz', twice] };

/**
 * The table with columns `pt` (GeV), `eta_rel`, `phi_rel` (from the axis), `charge` (1 for charged, of either sign, 0 for
 * neutral) and `leading` (1 for the leading vertex) where it has `pt_code`, `eta_bin`, `phi_bin` and `flags`; with
 * `twice_px`, `twice_py`, `twice_pz` (GeV) where `px`, `py`, `pz` are float16 beside labels of one byte. A column of such a
 * name stays as it is.
 */
export function withDecodedCodes<T extends ColumnTable>(table: T): T {
  const columns = new Map(table.columns);
  for (const [name, [code, decode]] of Object.entries({ ...CODES, ...(hasHalves(table) && HALVES) })) {
    const coded = columns.get(code);
    if (coded?.form === 'list' && !columns.has(name)) columns.set(name, decoded(coded, decode));
  }
  return { ...table, columns };
}

/** Of float16 beside labels of one byte alone: other `px` are taken for what they say. */
function hasHalves({ columns }: ColumnTable): boolean {
  return (
    ['px', 'py', 'pz'].every((name) => columns.get(name)?.type === 'float16[]') &&
    columns.get('is_signal_new')?.type === 'uint8'
  );
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
