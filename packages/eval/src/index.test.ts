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

it('loads in a browser: no module of the package imports one of Node.js', () => {
  const modules = loadedWith(fileURLToPath(import.meta.resolve('@jetsdk/eval')));
  expect([...modules.keys()].some((file) => file.endsWith('bootstrap.js'))).toBe(true);
  expect([...modules].filter(([, imported]) => imported.some((name) => name.startsWith('node:')))).toEqual([]);
});
