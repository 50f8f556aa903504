/** NanoAOD with particles, several jets an event: jets are what Awkward Array picks out of the same files. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Jets } from '../jets.js';
import { sliceSource } from '../source/sliceSource.js';
import type { JetSource } from '../source/source.js';
import { openJets } from './files.js';
import { fixture } from './fixtures.testing.js';
import type { ColumnTable, TableColumn } from './tables/columnTable.js';
import { parseLayout } from './tables/layout.js';
import { layoutReader } from './tables/layoutReader.js';

interface Picked {
  readonly jets: readonly (readonly number[])[][];
  readonly event: readonly number[];
  readonly flavours?: readonly number[];
}

const EXPECTED = JSON.parse(readFileSync(fixture('nano.jsonl'), 'utf8')) as Record<string, Record<string, Picked>>;
/** Of float32 that the result holds, and of six digits after the point. */
const ROUNDING = 3e-6;

function expectSame({ shape, data }: Jets, jets: Picked['jets']): void {
  expect(shape[0]).toBe(jets.length);
  let worst = 0;
  for (const [jet, vectors] of jets.entries()) {
    const wanted = vectors.flat();
    const scale = Math.max(1, ...wanted);
    for (const [i, found] of data.subarray(jet * shape[1]! * 4, (jet + 1) * shape[1]! * 4).entries())
      worst = Math.max(worst, Math.abs(found - (wanted[i] ?? 0)) / scale);
  }
  expect(worst).toBeLessThan(ROUNDING);
}

async function constituents(source: JetSource, start = 0, stop = source.count): Promise<Jets> {
  const jets = await source.read(start, stop);
  if (jets.kind !== 'constituents') throw new Error(`${jets.kind}; expected constituents`);
  return jets;
}

describe('NanoAOD with particles', () => {
  it.each([
    ['pfnano.root', 'FatJet', undefined],
    ['pfnano.root', 'Jet', 'PFNanoAK4'],
    ['nano15.root', 'FatJet', undefined],
  ])('%s: every %s of every event is a jet, its particles picked by their index', async (name, collection, layout) => {
    const source = await openJets(fixture(name), layout === undefined ? {} : { layout });
    const { jets, event } = EXPECTED[name]![collection]!;
    expectSame(await constituents(source), jets);
    expect([...((await source.column?.('event')) ?? [])]).toEqual(event);
    source.close();
  });

  it('is read from and to any jet, in the middle of events too', async () => {
    const source = await openJets(fixture('pfnano.root'));
    const { jets } = EXPECTED['pfnano.root']!['FatJet']!;
    for (let start = 0; start < jets.length; start++)
      for (let stop = start + 1; stop <= jets.length; stop++)
        expectSame(await constituents(source, start, stop), jets.slice(start, stop));
    source.close();
  });

  it('has b jets against light ones, and c jets are neither', async () => {
    const { flavours = [] } = EXPECTED['pfnano.root']!['FatJet']!;
    expect(new Set(flavours)).toEqual(new Set([0, 4, 5]));
    const all = await openJets(fixture('pfnano.root'));
    await expect(all.labels()).rejects.toThrow(/neither background \(FatJet_hadronFlavour 0\) nor signal/);
    all.close();
    const some = await openJets(fixture('pfnano.root'), { layout: { extends: 'PFNano', others: 'leave-out' } });
    const kept = flavours.filter((flavour) => flavour !== 4);
    expect([...((await some.labels()) ?? [])]).toEqual(kept.map((flavour) => Number(flavour === 5)));
    some.close();
  });

  it('has no labels where there is no truth, as in data', async () => {
    const source = await openJets(fixture('nano15.root'));
    expect(await source.labels()).toBeUndefined();
    source.close();
  });

  it('without particles is refused, and says what has them', () =>
    expect(openJets(fixture('nano9.root'))).rejects.toThrow(/NanoAOD before version 15 has no constituents.*PFNano/));

  it('whose links lead nowhere is refused with the event', async () => {
    const source = await openJets(fixture('nano-broken.root'));
    await expect(source.read(0, source.count)).rejects.toThrow(
      /event 2: FatJetPFCand_pfCandIdx 99 of \d+ numbers in PFCand_pt/,
    );
    source.close();
  });

  it('says which branch is missing where the layout is asked for', () =>
    expect(openJets(fixture('nano15.root'), { layout: 'PFNano' })).rejects.toThrow(
      /no column FatJetPFCands_jetIdx; nearest is FatJetPFCand_jetIdx/,
    ));
});

describe('events', () => {
  it('without jets are passed over, however many they are', async () => {
    const reads: number[] = [];
    const column = (form: 'number' | 'list', of: (event: number) => readonly number[]): TableColumn => ({
      type: form === 'list' ? 'float32[]' : 'float32',
      form,
      read: async (start, stop) => {
        if (form === 'list') reads.push(stop - start);
        const rows = Array.from({ length: stop - start }, (_, i) => of(start + i));
        const offsets = new Uint32Array(rows.length + 1);
        for (const [i, row] of rows.entries()) offsets[i + 1] = offsets[i]! + row.length;
        return { values: Float64Array.from(rows.flat()), offsets };
      },
    });
    const last = 9999;
    const ofLast = (values: readonly number[]) => (event: number) => (event === last ? values : []);
    const table: ColumnTable = {
      name: 'events',
      rows: last + 1,
      columns: new Map([
        ['nFatJet', column('number', (event) => [event === last ? 2 : 0])],
        ['FatJetPFCand_jetIdx', column('list', ofLast([1, 0, 1]))],
        ['FatJetPFCand_pfCandIdx', column('list', ofLast([0, 1, 1]))],
        ['PFCand_pt', column('list', ofLast([5, 7]))],
        ...(['eta', 'phi', 'mass'] as const).map((key) => [`PFCand_${key}`, column('list', ofLast([0, 0]))] as const),
      ]),
    };
    const source = sliceSource(await layoutReader(table, parseLayout('NanoAOD')), () => {});
    const { data } = await constituents(source);
    expect([data[0], data[800], data[804]]).toEqual([7, 7, 5]);
    expect(reads.every((rows) => rows <= 256)).toBe(true);
    expect(reads).toHaveLength(6);
  });
});
