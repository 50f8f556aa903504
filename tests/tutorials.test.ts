import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { difference, figuresWithoutSource, textOf } from '../tools/tutorials/compare.mjs';
import { notebookOf } from '../tools/tutorials/notebook.mjs';
import { picturesOf } from '../tools/tutorials/page.mjs';
import { folder, names, perform, readPage } from '../tools/tutorials/run.mjs';
import { root } from './support/command.js';

describe.each(names)('docs/tutorials/%s', (name) => {
  test('is what its script makes, pictures included', { timeout: 600_000 }, async () => {
    const page = await readPage(name);
    const work = join(root, 'tests/artefacts/tutorials', name);
    expect(difference(page, await perform(page, work))).toBeUndefined();
    const pictures = picturesOf(page);
    expect(pictures.length).toBeGreaterThan(0);
    for (const { name: picture } of pictures) {
      const [kept, made] = await Promise.all(
        [join(folder, 'pictures', name), join(work, 'pictures')].map((place) => readFile(join(place, picture), 'utf8')),
      );
      expect(difference(textOf(kept), textOf(made)), picture).toBeUndefined();
    }
  });

  test('quotes no figure that its script does not give', async () => {
    expect(figuresWithoutSource(await readPage(name))).toEqual([]);
  });

  test('has a notebook of the same cells', async () => {
    const page = await readPage(name);
    expect(await readFile(join(folder, `${name}.ipynb`), 'utf8')).toBe(notebookOf(name, page));
  });
});

test('a figure that moved by more than rounding, another word and a missing line are told', () => {
  const line = 'auc 0.961 ± 0.003, 1,200 jets';
  expect(difference(line, 'auc 0.964 ± 0.003, 1,190 jets')).toBeUndefined();
  for (const other of ['auc 0.800 ± 0.003, 1,200 jets', 'AUC 0.961 ± 0.003, 1,200 jets', `${line}\nmore`, ''])
    expect(difference(line, other)).toMatch(/expected: .*\nfound:/);
});

test('a figure of the prose that no output has is told; quotations are of others', () => {
  const page = (text: string) => `# A page\n\n\`\`\`sh\njetsdk\n\`\`\`\n\n\`\`\`text\nauc 0.961\n\`\`\`\n\n${text}\n`;
  expect(figuresWithoutSource(page('It has 0.961.\n\n> The sheet: 0.740'))).toEqual([]);
  expect(figuresWithoutSource(page('It has 0.962.'))).toEqual(['0.962']);
});
