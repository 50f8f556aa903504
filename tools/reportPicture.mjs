// Makes docs/report.png, the report of the demo as a browser shows it: npm run picture
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '..');
const executablePath = process.env.PATH.split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));
if (executablePath === undefined) throw new Error('chromium is not on the PATH; expected it there; install it');

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-picture-'));
try {
  const demo = [join(root, 'packages/cli/bin/jetsdk.js'), 'demo', '-o', folder];
  const { status } = spawnSync(process.execPath, demo, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`the demo ended with ${status}`);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1200, height: 2340 } });
  await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  await page.screenshot({ path: join(root, 'docs/report.png') });
  await browser.close();
} finally {
  rmSync(folder, { recursive: true });
}
