// Scores a second of the dashboard in Chromium beside `jetsdk score --device wasm`, for each kind of file.
//
// usage: npm run bench -- page, or node bench/page.mjs [FILE…]
//
// Without files they are made of the bundled sample: NumPy arrays, and where python3 has h5py, pyarrow, uproot and pandas also tables and images
// in LZF tiles of HDF5, Parquet, ROOT and text.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const MODEL = 'course-cnn';
/** Every jet of the sample so many times, so that starting up does not count. */
const TIMES = 5;
const ROUNDS = 2;

const executablePath = process.env.PATH.split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));
if (executablePath === undefined) {
  console.log('\nskipped: chromium is not installed');
  process.exit(0);
}
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'jetsdk-bench-'));

/** What Python writes of `sample.npz` and `images.npz`; a library that is missing leaves its files out. */
const PEER = `
import sys
import numpy as np
folder, times = sys.argv[1], int(sys.argv[2])
jets = np.load(folder + '/sample.npz'); images = np.load(folder + '/images.npz')
c, y = np.concatenate([jets['constituents']] * times), np.concatenate([jets['labels']] * times).astype('u1')
im = np.concatenate([images['images']] * times)
made = []
np.save(folder + '/constituents.npy', c); made.append('constituents.npy')
np.save(folder + '/images.npy', im); made.append('images.npy')
np.savez(folder + '/constituents.npz', constituents=c, labels=y); np.savez(folder + '/images-all.npz', images=im, labels=np.concatenate([images['labels']] * times))
made += ['constituents.npz', 'images-all.npz']
try:
    import h5py
    names = [part + '_' + str(i) for i in range(c.shape[1]) for part in ('E', 'PX', 'PY', 'PZ')]
    table = np.zeros(len(c), dtype=[(name, 'f4') for name in names] + [('is_signal_new', 'i8')])
    for i, name in enumerate(names): table[name] = c[:, i // 4, i % 4]
    table['is_signal_new'] = y
    with h5py.File(folder + '/constituents-gzip.h5', 'w') as f:
        f.create_dataset('constituents', data=c, chunks=(81,) + c.shape[1:], compression='gzip'); f['labels'] = y
    with h5py.File(folder + '/table.h5', 'w') as f: f.create_dataset('table/table', data=table, chunks=(40,), compression='gzip', shuffle=True)
    with h5py.File(folder + '/images-lzf-tiles.h5', 'w') as f:
        for name, label in (('QCD', 0), ('top', 1)):
            f.create_dataset(name, data=im[y == label].astype('f8'), chunks=(414, 4, 4, 1), compression='lzf')
    made += ['constituents-gzip.h5', 'table.h5', 'images-lzf-tiles.h5']
except ImportError: pass
try:
    import pyarrow as pa, pyarrow.parquet as pq
    # lists of what there is, as JetClass has them
    full = c[:, :, 0] > 0
    lists = lambda k: pa.array([row[mask] for row, mask in zip(c[:, :, k], full)])
    columns = {'part_px': lists(1), 'part_py': lists(2), 'part_pz': lists(3), 'part_energy': lists(0)}
    pq.write_table(pa.table(columns), folder + '/lists.parquet', compression='zstd', row_group_size=1000)
    made.append('lists.parquet')
except ImportError: pass
try:
    import awkward as ak, uproot
    full = c[:, :, 0] > 0
    lists = lambda k: ak.unflatten(c[:, :, k][full], full.sum(axis=1))
    columns = {'part_px': lists(1), 'part_py': lists(2), 'part_pz': lists(3), 'part_energy': lists(0)}
    with uproot.recreate(folder + '/lists.root', compression=uproot.ZLIB(1)) as f:
        tree = f.mktree('tree', {key: 'var * float32' for key in columns})
        for start in range(0, len(c), 1000): tree.extend({key: value[start:start + 1000] for key, value in columns.items()})
    made.append('lists.root')
except ImportError: pass
try:
    import pandas as pd
    names = [part + '_' + str(i) for i in range(c.shape[1]) for part in ('E', 'PX', 'PY', 'PZ')]
    table = pd.DataFrame(c.reshape(len(c), -1), columns=names).assign(is_signal_new=y)
    table.to_parquet(folder + '/table.parquet'); made.append('table.parquet')
    table = table[:2000]
    table.to_csv(folder + '/table.csv', index=False); table.to_csv(folder + '/table.txt', index=False, sep=' ')
    made += ['table.csv', 'table.txt']
except ImportError: pass
print(' '.join(made))
`;

/** Makes the files. */
async function samples() {
  const { openJets } = await import('@jetsdk/jets/files');
  const { makeImages } = await import('@jetsdk/jets');
  const { writeNpz } = await import('@jetsdk/jets/npz');
  const { writeFile, readFile } = await import('node:fs/promises');
  const { recipe } = JSON.parse(await readFile(here(`../models/${MODEL}/card.json`), 'utf8'));
  const source = await openJets(here('../data/test.h5'));
  const jets = await source.read(0, source.count);
  const labels = { dtype: 'uint8', shape: [source.count], data: await source.labels() };
  const pictures = makeImages(recipe, jets);
  source.close();
  const f32 = ({ shape, data }) => ({ dtype: 'float32', shape, data });
  await writeFile(
    join(folder, 'sample.npz'),
    writeNpz(
      new Map([
        ['constituents', f32(jets)],
        ['labels', labels],
      ]),
    ),
  );
  await writeFile(
    join(folder, 'images.npz'),
    writeNpz(
      new Map([
        ['images', f32(pictures)],
        ['labels', labels],
      ]),
    ),
  );
  try {
    const made = execFileSync('python3', ['-c', PEER, folder, String(TIMES)], { encoding: 'utf8' });
    return made
      .trim()
      .split(' ')
      .map((name) => join(folder, name));
  } catch (error) {
    console.log(`files of h5py and others are left out: python3 cannot make them (${error.message.split('\n')[0]})`);
    return ['sample.npz', 'images.npz'].map((name) => join(folder, name));
  }
}

const numberIn = (text, pattern) => Number(pattern.exec(text)[1].replaceAll(',', ''));

/** Jets a second of the command. */
function command(file) {
  const args = ['score', MODEL, file, '--device', 'wasm', '-o', join(folder, 'scores.npy')];
  const { status, stderr } = spawnSync(process.execPath, [here('../packages/cli/bin/jetsdk.js'), ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return numberIn(stderr, /\(([\d,]+) jets\/s\)/);
}

/** Jets a second of the page. */
async function scoredInPage(browser, url, file) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(300_000);
    await page.goto(url);
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.getByRole('heading', { name: basename(file) }).waitFor();
    await page.getByText(/^1 of [\d,]+$/).waitFor();
    for (const box of await page.locator('.model input:checked').all()) await box.uncheck();
    await page.getByRole('checkbox', { name: new RegExp(`^${MODEL}\\s`) }).check();
    await page.getByRole('button', { name: /^Score with/ }).click();
    const said = page.getByText(/ jets at [\d,]+ jets\/s/);
    await said.waitFor();
    return numberIn(await said.innerText(), /at ([\d,]+) jets/);
  } finally {
    await context.close();
  }
}

let site;
let browser;
try {
  const files = process.argv.length > 2 ? process.argv.slice(2) : await samples();
  const course = here('../../shared/data/jet-images/jet_images.h5');
  if (process.argv.length === 2 && existsSync(course)) files.push(course);
  const app = here('../apps/dashboard/');
  const config = { root: app, configFile: join(app, 'vite.config.ts'), logLevel: 'silent' };
  await build({ ...config, build: { outDir: join(folder, 'site'), emptyOutDir: true } });
  site = await preview({
    ...config,
    build: { outDir: join(folder, 'site') },
    preview: { host: '127.0.0.1', port: 0, open: false },
  });
  const url = `http://127.0.0.1:${site.httpServer.address().port}/`;
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
  });
  console.log(`${MODEL}, Chromium ${browser.version()}; jets/s, the best of ${ROUNDS} rounds in turn`);
  for (const file of files) {
    const best = { command: 0, page: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      best.command = Math.max(best.command, command(file));
      best.page = Math.max(best.page, await scoredInPage(browser, url, file));
    }
    const [ours, theirs] = [best.page, best.command].map((rate) => String(Math.round(rate)).padStart(7));
    console.log(
      `${basename(file).padEnd(24)} page ${ours}   command ${theirs}   command / page ${(best.command / best.page).toFixed(2)}`,
    );
  }
} finally {
  await browser?.close();
  await site?.close();
  await rm(folder, { recursive: true });
}
