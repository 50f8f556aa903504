/** Pile-up taken out of jets, the whole line: trained, exported, run on each device, written. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { regression } from '@jetsdk/eval/regression';
import { loadRegressor, loadTagger } from '@jetsdk/infer';
import { serveModels } from '@jetsdk/infer/server';
import { correctedJets, imageRecipes, type Jets, jetImages, makeImages, namedRecipe } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { readNpy } from '@jetsdk/jets/npy';
import { readRegressorCard } from '@jetsdk/onnx';
import { loadRegression, predictImages, selectBackend } from '@jetsdk/train';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { jetsdk, root } from './support/command.js';

const JETS = join(import.meta.dirname, '../packages/jets/fixtures/pile-up.h5');
let folder = '';
let model = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-pile-up-'));
  model = join(folder, 'pumml.onnx');
  const run = join(folder, 'run');
  const trained = jetsdk(['train', 'pumml', '--data', JETS, '--validation', JETS, '--epochs', '2', '-o', run]);
  expect(trained.status, trained.stderr).toBe(0);
  expect(trained.stdout).toMatch(/best epoch \d of 2[\s\S]*pumml[\s\S]*empty images/);
  expect(existsSync(join(run, 'report.html'))).toBe(true);
  const exported = jetsdk(['export', run, '-o', model, '--name', 'mine', '--licence', 'MIT']);
  expect(exported.status, exported.stderr).toBe(0);
}, 180_000);
afterAll(() => rm(folder, { recursive: true }));

async function fixtureJets(): Promise<Jets> {
  const source = await openJets(JETS);
  try {
    return (await source.read(0, source.count)) as Jets;
  } finally {
    source.close();
  }
}

describe('a regressor', () => {
  it('says in its card what it takes, what it gives, and how well the file agrees with the network', async () => {
    const card = readRegressorCard(await readFile(model));
    expect(card).toMatchObject({
      format: 'jetsdk-regressor/1',
      name: 'mine',
      licence: 'MIT',
      inputs: [
        { name: 'neutral', shape: [9, 9, 1], unit: 'GeV' },
        { name: 'pileup', shape: [36, 36, 1], unit: 'GeV' },
        { name: 'leading', shape: [36, 36, 1], unit: 'GeV' },
      ],
      output: { name: 'corrected', shape: [9, 9, 1], unit: 'GeV', halfWidth: 0.45 },
      recipe: { name: 'pumml' },
      training: { network: 'pumml', parameters: 4711, trainJets: 4 },
      parity: [{ jets: 4, tolerance: 1e-5 }],
    });
    expect(JSON.parse(await readFile(join(folder, 'pumml.card.json'), 'utf8'))).toEqual(card);
  });

  it.each(['cpu', 'wasm'] as const)(
    'gives on %s what the trained network gives, of jets and of images',
    async (device) => {
      await selectBackend('wasm', { threads: 1 });
      const jets = await fixtureJets();
      const inputs = Object.fromEntries(
        [...imageRecipes(namedRecipe('pumml'))].map(([name, recipe]) => [name, makeImages(recipe, jets)]),
      );
      const { artifacts } = await loadRegression(join(folder, 'run'));
      const expected = (await predictImages(artifacts, inputs)).data;
      await using regressor = await loadRegressor(model, { device });
      expect(regressor.info).toMatchObject({ name: 'mine', device, output: { unit: 'GeV' } });
      const source = await openJets(JETS);
      const batches: number[] = [];
      for await (const { start, data } of regressor.correctStream(source)) batches.push(start, data.length);
      expect(batches.reduce((sum, n, i) => (i % 2 ? sum + n : sum), 0)).toBe(4 * 81);
      for (const given of [jets, source, { kind: 'inputs', inputs } as const]) {
        const { shape, data } = await regressor.correct(given);
        expect(shape).toEqual([4, 9, 9, 1]);
        for (const [i, pixel] of data.entries())
          expect(Math.abs(pixel - expected[i]!)).toBeLessThan(1e-5 * Math.max(10, expected[i]!));
      }
      source.close();
    },
    60_000,
  );

  it('refuses what it cannot take, and the other kinds of models name the right call', async () => {
    const jets = await fixtureJets();
    const bad = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });
    await expect(loadTagger(model)).rejects.toMatchObject(bad('BAD_MODEL', /load it with loadRegressor/));
    await expect(loadRegressor('course-cnn')).rejects.toMatchObject(bad('BAD_MODEL', /load it with loadTagger/));
    const regressor = await loadRegressor(model, { device: 'cpu' });
    const { vertex: _, ...bare } = jets;
    await expect(regressor.correct(bare)).rejects.toMatchObject(bad('BAD_DATASET', /vertex/));
    const broken = { ...jets, data: jets.data.slice() };
    broken.data[2 * 1600] = Number.NaN;
    await expect(regressor.correct(broken)).rejects.toMatchObject({ code: 'NOT_FINITE', details: { jet: 2 } });
    const images = jetImages(new Float32Array(81), [9, 9, 1]);
    await expect(regressor.correct(images)).rejects.toMatchObject(bad('BAD_ARGUMENT', /takes 3 inputs/));
    const signal = AbortSignal.abort();
    await expect(regressor.correct(jets, { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    await regressor.dispose();
    await expect(regressor.correct(jets)).rejects.toMatchObject(bad('BAD_ARGUMENT', /disposed/));
  }, 60_000);
});

describe('a server', () => {
  it('gives the images of a regressor, the same bits as the file, also where clients ask at once', async () => {
    await using regressor = await loadRegressor(model, { device: 'cpu' });
    const server = await serveModels([regressor], { port: 0 });
    try {
      const [address] = server.models;
      const jets = await fixtureJets();
      const { data } = await regressor.correct(jets);
      await using remote = await loadRegressor(address!, { batchSize: 3 });
      expect(remote.info).toMatchObject({ name: 'mine', device: 'remote', card: regressor.info.card });
      const answers = await Promise.all(Array.from({ length: 5 }, () => remote.correct(jets)));
      for (const answer of answers) expect(answer).toEqual({ shape: [4, 9, 9, 1], data });
      const { sha256 } = regressor.info;
      await expect(loadRegressor(address!, { sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'BAD_FILE' });
      expect((await loadRegressor(address!, { sha256: sha256! })).info.sha256).toBe(sha256);
      await expect(loadTagger(address!)).rejects.toThrow(/load it with loadRegressor/);
      const inputs = Object.entries(remote.info.card.inputs).map(([, { name, shape }]) => ({
        name,
        datatype: 'FP32',
        shape: [0, ...shape],
        data: [],
      }));
      const post = (body: object) => fetch(`${address}/infer`, { method: 'POST', body: JSON.stringify(body) });
      expect(await (await post({ inputs })).json()).toMatchObject({
        outputs: [{ name: 'corrected', shape: [0, 9, 9, 1], data: [] }],
      });
      const refused = await post({ inputs, outputs: [{ name: 'score' }] });
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringMatching(/expected corrected/)]);
      const broken = { ...jets, data: jets.data.slice() };
      broken.data[2 * 1600] = Number.NaN;
      await expect(remote.correct(broken)).rejects.toMatchObject({ code: 'NOT_FINITE', details: { jet: 2 } });
    } finally {
      await server.close();
    }
  }, 60_000);

  it('of taggers names the right call', async () => {
    await using tagger = await loadTagger('course-cnn', { device: 'cpu', threads: 1 });
    const server = await serveModels([tagger], { port: 0 });
    try {
      await expect(loadRegressor(server.models[0]!)).rejects.toThrow(/load it with loadTagger/);
    } finally {
      await server.close();
    }
  }, 60_000);
});

describe('jetsdk correct', () => {
  it('writes the images of all jets in order, and pT and mass into HDF5', async () => {
    const [npy, h5] = [join(folder, 'corrected.npy'), join(folder, 'corrected.h5')];
    for (const output of [npy, h5]) {
      const { status, stderr } = jetsdk(['correct', model, JETS, '-o', output]);
      expect(status, stderr).toBe(0);
    }
    const { shape, dtype, data } = readNpy(await readFile(npy));
    expect([shape, dtype]).toEqual([[4, 9, 9], 'float32']);
    await using regressor = await loadRegressor(model, { device: 'cpu' });
    const { recipe, output } = regressor.info;
    const corrected = await regressor.correct(await fixtureJets());
    expect(data).toEqual(corrected.data);
    const images = { kind: 'images', ...corrected } as const;
    const expected = correctedJets(images, await fixtureJets(), { recipe, halfWidth: output.halfWidth });
    const source = await openJets(h5, { dataset: 'image' });
    expect((await source.read(0, 4)).data).toEqual(data);
    for (const name of ['pt', 'mass'] as const)
      expect(Float32Array.from(await source.column!(name))).toEqual(Float32Array.from(expected[name]));
    expect(expected.mass[0]).toBeGreaterThan(0);
    source.close();
  }, 60_000);

  it('asks a server as it asks a file', async () => {
    const server = spawn(process.execPath, [join(root, 'packages/cli/bin/jetsdk.js'), 'serve', model, '--port', '0']);
    onTestFinished(() => void server.kill());
    const [address] = await once(createInterface(server.stdout), 'line');
    const [local, remote] = [join(folder, 'local.npy'), join(folder, 'remote.npy')];
    for (const [from, output] of [
      [model, local],
      [String(address), remote],
    ] as const) {
      const { status, stderr } = jetsdk(['correct', from, JETS, '-o', output]);
      expect(status, stderr).toBe(0);
    }
    expect(await readFile(remote)).toEqual(await readFile(local));
  }, 60_000);

  it('ends with exit code 2 and writes nothing where it cannot', async () => {
    const output = join(folder, 'nothing.npy');
    for (const args of [
      ['course-cnn', JETS, '-o', output],
      [model, JETS, '-o', join(folder, 'nothing.txt')],
      [model, join(import.meta.dirname, '../packages/jets/fixtures/constituents.h5'), '-o', output],
    ]) {
      const { status, stderr } = jetsdk(['correct', ...args]);
      expect(status, stderr).toBe(2);
    }
    expect(existsSync(output)).toBe(false);
  }, 60_000);
});

describe('jetsdk eval --truth', () => {
  it('is seen in pictures: what it keeps and takes away, what pixels go with that, and its filters', async () => {
    const [page, svg] = [join(folder, 'seen.html'), join(folder, 'seen')];
    const { status, stderr } = jetsdk(['data', 'pictures', JETS, '--model', model, '-o', page, '--svg', svg]);
    expect(status, stderr).toBe(0);
    expect(await readdir(svg)).toEqual(
      expect.arrayContaining(['corrected.svg', 'taken.svg', 'correlation-pileup.svg', 'filters-3.svg']),
    );
    const html = await readFile(page, 'utf8');
    expect(html).toContain('as mine gives it');
    expect(html).not.toMatch(/NaN|undefined|\[object/);

    const images = join(root, 'packages/jets/fixtures/images-classes.h5');
    const refused = jetsdk(['data', 'pictures', images, '--model', model, '-o', page]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/it holds images; expected constituents, of which the regressor makes its images/);
  });

  it('measures corrected jets beside another way, and writes a report', async () => {
    const report = join(folder, 'report.html');
    const corrected = ['first', 'second'].map((name) => join(folder, `${name}.h5`));
    expect(jetsdk(['correct', model, JETS, '-o', corrected[0]!]).status).toBe(0);
    expect(jetsdk(['correct', 'pumml-resnet', JETS, '-o', corrected[1]!]).status).toBe(0);
    const args = ['eval', '--truth', JETS, ...corrected.flatMap((path) => ['--corrected', path]), '--beside', 'puppi'];
    const { status, stdout, stderr } = jetsdk([...args, '--report', report]);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/4 jets[\s\S]*first[\s\S]*first − second[\s\S]*first − puppi/);
    const { results, pairs, losses } = JSON.parse(jetsdk([...args, '--json']).stdout);
    expect(losses.map(({ name }: { name: string }) => name)).toEqual(['first', 'second', 'as measured']);
    expect(results.map(({ jets }: { jets: number }) => jets)).toEqual([4, 4, 3]);
    const { medianBias } = regression([120.5, 101.25, 150], [121, 100, 160]);
    expect(results[2].observables[0].figures.medianBias.value).toBeCloseTo(medianBias.value, 9);
    expect(pairs.map(({ a, b, jets }: { a: string; b: string; jets: number }) => [a, b, jets])).toEqual([
      ['first', 'second', 4],
      ['first', 'puppi', 3],
      ['second', 'puppi', 3],
    ]);
    const page = await readFile(report, 'utf8');
    for (const part of ['Response of the mass', 'Jets before and after', 'first − puppi']) expect(page).toContain(part);
  }, 60_000);

  it('says what is missing', async () => {
    for (const [args, said] of [
      [['--truth', JETS], /--truth with --corrected/],
      [['--truth', JETS, '--corrected', JETS, '--scores', JETS], /without --labels/],
      [['--labels', JETS], /--labels with --scores/],
      [['--truth', JETS, '--corrected', JETS, '--beside', 'sk'], /sk_pt/],
    ] as const) {
      const { status, stderr } = jetsdk(['eval', ...args]);
      expect(status).toBe(2);
      expect(stderr).toMatch(said);
    }
  }, 60_000);
});
