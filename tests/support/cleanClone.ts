/** @file The repository as a clean clone has it after `npm ci`: without anything built. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workspaces } from '../../tools/manifests.mjs';
import { root } from './command.js';

/** Copies what git has or would take into `folder`; other people's packages are links to those installed here. */
export function cleanClone(folder: string): void {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0');
  for (const file of files.filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  const places = workspaces();
  for (const place of ['.', ...places]) linkInstalled(join(root, place), join(folder, place));
  for (const place of places) {
    const { name } = JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8')) as { name: string };
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(folder, place), link, 'junction');
  }
}

function linkInstalled(from: string, to: string): void {
  if (!existsSync(join(from, 'node_modules'))) return;
  mkdirSync(join(to, 'node_modules'), { recursive: true });
  for (const name of readdirSync(join(from, 'node_modules'))) {
    const installed = join(from, 'node_modules', name);
    if (name !== '@jetsdk' && lstatSync(installed).isDirectory())
      symlinkSync(installed, join(to, 'node_modules', name), 'junction');
  }
}
