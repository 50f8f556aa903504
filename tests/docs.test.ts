import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './support/command.js';
import { examples, pages } from './support/examples.js';

/** What an example may use without saying where it comes from. */
const AT_HAND = `
import type { RunModel } from '@jetsdk/export';
import type { JetImages, Jets, LayerArtifacts, ModelCard, Recipe } from '@jetsdk/jets';
import type { Examples } from '@jetsdk/train';
declare global {
  const jets: Jets;
  const images: JetImages;
  const labels: Uint8Array;
  const scores: Float32Array;
  const otherScores: Float32Array;
  const recipe: Recipe;
  const card: ModelCard;
  const artifacts: LayerArtifacts;
  const validation: Examples;
  const run: RunModel;
}
`;

/** Anchors of a page's headings, as GitHub makes them. */
const anchors = (page: string): readonly string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- ]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(pages)('%s', (page) => {
  test('leads nowhere that is not there', () => {
    const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```.*?^```$/gms, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const dead = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? page : join(dirname(page), path).replaceAll('\\', '/');
        return !existsSync(join(root, target)) || (anchor !== undefined && !anchors(target).includes(anchor));
      });
    expect(dead).toEqual([]);
  });
});

test('every example in JavaScript or TypeScript compiles under strict TypeScript', () => {
  const folder = join(root, 'tests/artefacts/examples');
  mkdirSync(folder, { recursive: true });
  const programs = pages.flatMap(examples).filter(({ language }) => language === 'js' || language === 'ts');
  expect(programs.length).toBeGreaterThan(8);
  writeFileSync(join(folder, 'atHand.d.ts'), AT_HAND);
  const files = programs.map(({ where, code }) => {
    const name = `${where.replaceAll(/[/:.]/g, '-')}.mts`;
    writeFileSync(join(folder, name), `${code}\nexport {};\n`);
    return name;
  });
  const config = {
    extends: '../../../tsconfig.base.json',
    compilerOptions: {
      noEmit: true,
      composite: false,
      declaration: false,
      declarationMap: false,
      noUnusedLocals: false,
    },
    files: ['atHand.d.ts', ...files],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: folder, encoding: 'utf8' });
  expect(stdout.split('\n').filter((line) => line !== '')).toEqual([]);
});
