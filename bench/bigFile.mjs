// The dashboard with 1,200,000 jets in Chromium: seconds until the jets are seen and scored, memory, and pictures a second while
// the slider moves.
//
// usage: npm run bench -- bigFile, or node bench/bigFile.mjs [FILE]
//
// Without a file it is made in a temporary folder of ../shared's training sample thirty times over, in another order each
// (python3 with h5py; 820 MB), and removed after.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const MODEL = 'course-cnn';
const FRAMES = 150;
const PATIENT = { timeout: 1_200_000 };

const MAKE = `
import sys
import h5py
import numpy as np
with h5py.File(sys.argv[1]) as file: table = file['table/table'][:]
rng = np.random.default_rng(1)
with h5py.File(sys.argv[2], 'w') as file:
    rows = file.create_dataset('table/table', (len(table) * 30,), table.dtype, chunks=(80,), compression='gzip', compression_opts=1, shuffle=True)
    for k in range(30): rows[k * len(table):(k + 1) * len(table)] = table[rng.permutation(len(table))]
`;

const executablePath = process.env.PATH.split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const train = here('../../shared/data/generated/train.h5');
if (executablePath === undefined || (process.argv[2] === undefined && !existsSync(train))) {
  console.log(`\nskipped: ${executablePath === undefined ? 'chromium is not installed' : `${train} is not here`}`);
  process.exit(0);
}

const folder = await mkdtemp(join(tmpdir(), 'jetsdk-bench-'));

/** Resident megabytes of the largest process of the browser, which is that of the page. */
function pageMegabytes() {
  const sizes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('--type=renderer')) return [];
        return [Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1000];
      } catch {
        return [];
      }
    });
  return Math.max(0, ...sizes);
}

let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, pageMegabytes());
}, 500);
let site;
let browser;
try {
  let file = process.argv[2];
  if (file === undefined) {
    file = join(folder, 'big.h5');
    execFileSync('python3', ['-c', MAKE, train, file]);
  }
  const app = here('../apps/dashboard/');
  const config = { root: app, configFile: join(app, 'vite.config.ts'), logLevel: 'silent' };
  const out = { outDir: join(folder, 'site'), emptyOutDir: true };
  await build({ ...config, build: out });
  site = await preview({ ...config, build: out, preview: { host: '127.0.0.1', port: 0, open: false } });
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
  });
  const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  await page.goto(`http://127.0.0.1:${site.httpServer.address().port}/`);
  const timed = async (what, run) => {
    const start = performance.now();
    await run();
    const seconds = (performance.now() - start) / 1000;
    console.log(`${what.padEnd(34)} ${seconds.toFixed(1).padStart(7)} s   at most ${Math.round(peak)} MB`);
  };
  await timed('open, labels', async () => {
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.locator('#data-heading').waitFor(PATIENT);
  });
  await timed('average images, masses', () => page.getByRole('heading', { name: 'Jet mass' }).waitFor(PATIENT));
  for (const box of await page.locator('.model input:checked').all()) await box.uncheck();
  await page.getByRole('checkbox', { name: new RegExp(`^${MODEL}\\s`) }).check();
  await timed('score and evaluate', async () => {
    await page.getByRole('button', { name: /^Score with/ }).click();
    await page.locator('.jet-plot-roc').waitFor(PATIENT);
  });
  await timed('images of what passes each cut', () => page.locator('.moving-title').first().waitFor(PATIENT));
  const { frames, seconds, longest } = await page.evaluate(`(async () => {
    const slider = document.querySelector('.cut input[type=range]');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    let longest = 0;
    await frame();
    const start = performance.now();
    let last = start;
    for (let i = 0; i < ${FRAMES}; i++) {
      set.call(slider, String((200 + 4 * i) / 1000));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      await frame();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return { frames: ${FRAMES}, seconds: (performance.now() - start) / 1000, longest };
  })()`);
  console.log(
    `all pictures follow the slider: ${(frames / seconds).toFixed(0)} a second, the longest took ${Math.round(longest)} ms`,
  );
} finally {
  clearInterval(watch);
  await browser?.close();
  await site?.close();
  await rm(folder, { recursive: true });
}
