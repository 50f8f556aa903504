/** One way to write numbers: `formatCount` in what is reported, `counted` in errors. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './support/command.js';

const THINGS = 'jets?|bytes|images|parameters|rows|signal|background|scores|showers|labels|numbers|trainings';
const FORMATTERS = /\b(format(?:Count|Counted|Jets|Fixed|\.count|\.plural)|counted)\(/;

const files = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.(?:test|testing|d)\.ts$/.test(path))
    .map((path) => join(folder, path));

/** Variables that hold text. */
const isText = (expression: string): boolean =>
  /^(?:rate|speed|signal|background)$|name|classes\[|\? '/i.test(expression);

/** Counts of things, in templates that are no error, which no formatter has written. */
function bareCounts(path: string): string[] {
  const source = readFileSync(join(root, path), 'utf8').replaceAll(
    /new JetError\([\s\S]*?\n\s*\);|new JetError\(.*?\);/g,
    '',
  );
  return [...source.matchAll(new RegExp(`\\$\\{([^{}\`]*)\\} (?:${THINGS})\\b`, 'g'))]
    .filter(([, expression = '']) => !FORMATTERS.test(expression) && !isText(expression))
    .map(([text]) => `${path}: ${text}`);
}

test('commands, reports and pages write counts with commas between thousands', () => {
  const folders = ['packages/cli/src', 'packages/plots/src', 'packages/infer/src/element', 'apps/dashboard/src'];
  expect(folders.flatMap(files).flatMap(bareCounts)).toEqual([]);
});

test('no package has a way of its own to write counts', () => {
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src`);
  const own = [...folders, 'apps/dashboard/src']
    .flatMap((folder) => files(folder))
    .filter((path) => /toLocaleString|NumberFormat/.test(readFileSync(join(root, path), 'utf8')));
  expect(own).toEqual([]);
});
