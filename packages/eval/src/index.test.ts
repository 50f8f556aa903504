import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Every module that loads with this one. */
function loadedWith(file: string, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(file)) return seen;
  const code = readFileSync(file, 'utf8');
  const imported = Array.from(code.matchAll(/^(?:import|export)\s[^;]*?from '([^']+)'/gm), (match) => match[1]);
  seen.set(file, imported);
  for (const name of imported) if (name.startsWith('.')) loadedWith(join(dirname(file), name), seen);
  return seen;
}

it.each([
  ['@jetsdk/eval', 'bootstrap.js'],
  ['@jetsdk/eval/challenge', 'ranking.js'],
  ['@jetsdk/eval/regression', 'regression.js'],
  ['@jetsdk/eval/generation', 'frechet.js'],
])('%s loads in a browser: no module of it imports one of Node.js', (name, part) => {
  const modules = loadedWith(fileURLToPath(import.meta.resolve(name)));
  expect([...modules.keys()].some((file) => file.endsWith(part))).toBe(true);
  expect([...modules].filter(([, imported]) => imported.some((name) => name.startsWith('node:')))).toEqual([]);
});
