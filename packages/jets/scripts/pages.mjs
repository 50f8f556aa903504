// Writes docs/errors.md and docs/recipes.md from the tables of the package; with --check, fails if one is stale.
// Build first: npx tsc -b packages/jets
import { readFile, writeFile } from 'node:fs/promises';
import { ERRORS, recipeDescription, recipeNames } from '../dist/index.js';
import { STEPS } from '../dist/recipe/steps/index.js';

const NOTE = 'Made by `node packages/jets/scripts/pages.mjs`; do not edit.';

const errors = [
  '# Errors',
  '',
  NOTE,
  '',
  'What a user can act on is a `JetError`: `code` is one of these, `message` reads `where: what, got X; expected Y; remedy`,',
  '`details` holds the numbers of the message. `isJetError(error)` tells it from other errors, `isJetError(error, code)` asks',
  'for one code. `jetsdk` prints message and code and ends with the exit code.',
  '',
  ...table(
    ['Code', 'Exit code', 'Meaning'],
    Object.entries(ERRORS).map(([code, { exit, says }]) => [`\`${code}\``, String(exit), says]),
  ),
  '',
  'Details that programs may go by: `lowerBound` and `level` of `DEGENERATE_METRIC`, where no background jet passes the cut',
  '(the background rejection is above `lowerBound`); `reasons` of `DEVICE_UNAVAILABLE`, where no training backend starts',
  '(`backend` and `reason` of each).',
  '',
];

const PLACE = { constituents: 'before `pixelate`', pixels: 'once', image: 'after `pixelate`' };

const recipes = [
  '# Recipes',
  '',
  NOTE,
  '',
  'A recipe says how constituents become an image. As JSON it is',
  '`{ "format": "jetsdk-recipe/1", "name": "mine", "steps": [{ "step": "centre", "on": "jet" }, …] }`.',
  'Keys that are not known are refused.',
  '',
  '## Steps',
  '',
  ...table(
    ['Step', 'Stands', 'What it does'],
    Object.entries(STEPS).map(([name, { on, says }]) => [`\`${name}\``, PLACE[on], says]),
  ),
  '',
  '## Named recipes',
  '',
  ...table(
    ['Name', 'Images'],
    recipeNames.map((name) => [`\`${name}\``, recipeDescription(name)]),
  ),
  '',
];

const stale = [];
for (const [name, lines] of Object.entries({ errors, recipes })) {
  const file = new URL(`../../../docs/${name}.md`, import.meta.url);
  const text = lines.join('\n');
  if (!process.argv.includes('--check')) await writeFile(file, text);
  else if ((await readFile(file, 'utf8')) !== text) stale.push(name);
}
if (stale.length > 0) {
  console.error(`stale in docs: ${stale.join(', ')}; run node packages/jets/scripts/pages.mjs`);
  process.exitCode = 1;
}

/** A Markdown table whose columns are as wide as their widest cell. */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
