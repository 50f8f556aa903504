import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpy } from '@jetsdk/jets/npy';
import { describe, expect, it } from 'vitest';
import { useCommands } from './command.testing.js';
import { addPictures } from './dataPictures.js';

const root = join(import.meta.dirname, '../../../..');
const sample = join(root, 'data/test.h5');
const { at, call } = useCommands();
let stdout: string;

async function pictures(...args: string[]): Promise<string> {
  const called = await call(addPictures, 'pictures', ...args, '-o', at('pictures.html'));
  ({ stdout } = called);
  return called.outcome;
}

const page = (): string => readFileSync(at('pictures.html'), 'utf8');

describe('jetsdk data pictures', () => {
  it('draws real jets with what a network sees, as a page and as files', async () => {
    expect(await pictures(sample, '--rows', '0:600', '--model', 'course-cnn', '--svg', at('svg'))).toBe('done');
    const html = page();
    for (const id of ['kinematics', 'constituents', 'images', 'steps', 'mass', 'network', 'made'])
      expect(html).toContain(`<section id="${id}"`);
    expect(html).not.toMatch(/NaN|undefined|\[object|<script/);
    expect(html).toContain('m = ');
    expect(stdout).toMatch(/Step +QCD, Lorentz-style +top, Lorentz-style +QCD, plain +top, plain/);
    const files = readdirSync(at('svg')).sort();
    expect(files).toEqual(
      expect.arrayContaining([
        'average-images.svg',
        'constituent-0.svg',
        'correlation.svg',
        'filters.svg',
        'jet-mass.svg',
      ]),
    );
    expect(files).toHaveLength(html.match(/<svg[^>]*role="img"/g)!.length);
    for (const file of files) expect(readFileSync(at('svg', file), 'utf8')).toMatch(/^<svg [^>]*>(?!.*var\()/s);
  });

  it('says in JSON what each step does to the mass, and how many jets have a constituent', async () => {
    expect(
      await pictures(sample, '--rows', '100:400', '--recipe', 'iml-40', '--classes', 'light,heavy', '--json'),
    ).toBe('done');
    const { jets, classes, constituents, mass } = JSON.parse(stdout);
    expect(jets).toBe(300);
    expect(classes.map(({ name }: { name: string }) => name)).toEqual(['light', 'heavy']);
    expect(constituents[0].jets[0] + constituents[0].jets[1]).toBe(300);
    expect(constituents[3].jets[0]).toBeLessThan(constituents[0].jets[0]);
    const [plain, lorentz] = mass.variants;
    expect([plain.rotation, lorentz.rotation]).toEqual(['plane', 'lorentz']);
    expect(plain.steps.map(({ step }: { step: string }) => step)).toEqual(['read', 'centre', 'rotate', 'pixelate']);
    expect(plain.steps[2].relativeChange[1].mean).toBeGreaterThan(1e-3);
    expect(lorentz.steps[2].relativeChange[1].mean).toBeLessThan(1e-5);
  });

  it('refuses a generator, which reads no jets, and says where its pictures are', async () => {
    expect(await pictures(sample, '--model', 'jet-flow')).toMatch(
      /jet-flow: a generator, which reads no jets.*jetsdk eval GENERATED SIMULATED --generator jet-flow --report/,
    );
  });

  it('shows the jets that are asked for', async () => {
    expect(await pictures(sample, '--rows', '50:80', '--jet', '60', '--jet', '55')).toBe('done');
    expect(page()).toMatch(/\d+ background jets and \d+ signal jets/);
    const both = ['Jet 60 of the file', 'Jet 55 of the file'];
    expect(page().match(/Jet \d+ of the file/g)).toEqual([...both, ...both]);
    expect(await pictures(sample, '--rows', '50:80', '--jet', '80')).toMatch(
      /^OUT_OF_RANGE .*jet 80; expected one from 50 to 79/,
    );
  });

  it('shows so many jets of each class, and the constituents that are asked for', async () => {
    expect(await pictures(sample, '--rows', '0:60', '--per-class', '3', '--constituent', '1,5')).toBe('done');
    expect(page().match(/Jet \d+ of the file/g)).toHaveLength(12);
    expect(page()).toContain('Constituent 5, the 6th of the list');
    expect(page()).not.toContain('Constituent 10, the');
    expect(page()).toContain('--per-class 3 --constituent 1,5');
    expect(await pictures(sample, '--rows', '0:60', '--jet', '3', '--per-class', '3')).toMatch(
      /^BAD_ARGUMENT .*--jet and --per-class: got both; expected one/,
    );
  });

  it('reads a ROOT file by a layout, and says so in the command that it shows', async () => {
    const layout = at('layout.json');
    const columns = { pt: 'cst_pt', eta: 'cst_eta', phi: 'cst_phi', mass: 'cst_m' };
    const labels = { labelColumn: 'is_top', background: 0, signal: 1 };
    writeFileSync(layout, JSON.stringify({ unit: 'MeV', constituents: 5, columns, ...labels }));
    const file = join(root, 'packages/jets/fixtures/counted-zlib.root');
    expect(await pictures(file, '--layout', layout)).toBe('done');
    expect(page()).toContain(`--layout ${layout}`);
    expect(stdout).toMatch(/Step/);
    expect(await pictures(file, '--layout', 'JetClass')).toMatch(/^BAD_DATASET .*part_/);
  });

  it('takes images without labels, and leaves out what needs constituents', async () => {
    const data = Float32Array.from({ length: 20 * 30 * 30 }, (_, i) => (i % 11 === 0 ? (i % 37) / 10 : 0));
    writeFileSync(at('images.npy'), writeNpy({ dtype: 'float32', shape: [20, 30, 30], data }));
    expect(await pictures(at('images.npy'), '--model', 'course-cnn')).toBe('done');
    expect(page()).toContain('The file holds images');
    expect(page()).toContain('<section id="network"');
    expect(page()).not.toContain('<section id="steps"');
    expect(await pictures(at('images.npy'), '--jet', '7', '--svg', at('svg'))).toBe('done');
    expect(page().match(/Jet \d+ of the file/g)).toEqual(['Jet 7 of the file']);
    expect(readdirSync(at('svg'))).toContain('jet-7.svg');
  });

  it.each([
    ['FILE_NOT_FOUND', ['missing.h5']],
    ['OUT_OF_RANGE', [sample, '--rows', '0:999999']],
    ['BAD_ARGUMENT', [sample, '--recipe', 'no-such-recipe']],
    ['BAD_DATASET', [sample, '--recipe', 'higgs-48-views']],
  ])('throws %s for %j and writes nothing', async (code, args) => {
    expect(await pictures(...args)).toMatch(new RegExp(`^${code}`));
    expect(readdirSync(at())).toEqual([]);
  });
});
