/** The ROOT and Parquet fixtures, and what their peer says is in them. */
import { readFileSync } from 'node:fs';
import { sliceSource } from '../../source/sliceSource.js';
import type { JetSource } from '../../source/source.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { openNodeFile } from '../bytes/nodeFile.js';
import { fixture } from '../fixtures.testing.js';
import type { Format, OpenJetsOptions } from '../format.js';
import type { Host } from '../host.js';
import { host } from '../nodeHost.js';
import type { LayoutJson } from './layoutJson.js';

/** What the peer says of a file. */
export interface Expected {
  readonly name: string;
  /** constituents of every jet that are kept */
  readonly counts: readonly number[];
  /** the first jets: E, px, py, pz of each constituent */
  readonly first: readonly (readonly (readonly number[])[])[];
  /** of E, px, py, pz over all jets */
  readonly sums: readonly number[];
  readonly labels: readonly number[];
  /** of the first jets */
  readonly charge?: readonly (readonly number[])[];
  /** rows of the file that are left, where some are not */
  readonly rows?: readonly number[];
  readonly truth?: readonly number[];
  readonly jet_label?: readonly number[];
}

export const EXPECTED: Readonly<Record<string, Expected>> = Object.fromEntries(
  readFileSync(fixture('root_parquet.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Expected)
    .map((expected) => [expected.name, expected]),
);

/** Layouts of the fixtures that no built-in one fits. */
export function layoutOf(name: string): { layout?: LayoutJson } {
  if (name.startsWith('counted'))
    return {
      layout: {
        unit: 'MeV',
        constituents: 5,
        columns: { pt: 'cst_pt', eta: 'cst_eta', phi: 'cst_phi', mass: 'cst_m' },
        labelColumn: 'is_top',
        background: 0,
        signal: 1,
      },
    };
  if (name === 'records.parquet')
    return {
      layout: {
        columns: { px: 'part.px', py: 'part.py', pz: 'part.pz' },
        labelColumn: 'signal',
        background: 0,
        signal: 1,
      },
    };
  if (name === 'higgs-neither.root') return { layout: { extends: 'HiggsToBBNTuple', others: 'leave-out' } };
  return {};
}

/** A file that counts the bytes read from it. */
export function countedFile(path: string): BinaryFile & { bytes(): number } {
  const file = openNodeFile(path);
  let bytes = 0;
  return {
    name: path,
    size: file.size,
    read(into, offset, length, position) {
      bytes += length;
      return file.read(into, offset, length, position);
    },
    write: file.write,
    truncate: file.truncate,
    close: () => file.close(),
    bytes: () => bytes,
  };
}

/** The jets of a file that is open already. */
export async function openFrom(
  file: BinaryFile,
  format: Format,
  options: OpenJetsOptions = {},
  machine: Host = host,
): Promise<JetSource> {
  const opened = await format.open(file, options, machine);
  return sliceSource(await opened.jets(), () => opened.close());
}
