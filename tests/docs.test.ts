import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lowerRecipe } from '@jetsdk/export';
import { loadTagger } from '@jetsdk/infer';
import { namedRecipe, rangeSource } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { readNpy } from '@jetsdk/jets/npy';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from './support/command.js';
import { examples, pages } from './support/examples.js';
import { execute } from './support/packedProject.js';

/** What an example may use without saying where it comes from. */
const AT_HAND = `
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
}
`;

/** What a cell of Observable has: its globals, and modules by their address. */
const OBSERVABLE = `
declare module 'https://cdn.jsdelivr.net/npm/@jetsdk/element@*' {
  export * from '@jetsdk/element';
}
declare function FileAttachment(name: string): { url(): Promise<string> };
declare function display(value: unknown): void;
declare function html(strings: TemplateStringsArray): Element;
declare const Plot: {
  readonly identity: unknown;
  binX(outputs: object, options: object): object;
  rectY(data: ArrayLike<number>, options: object): { plot(): Element };
};
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
  // tutorials are run (tutorials.test.ts)
  const programs = pages
    .filter((page) => !page.startsWith('docs/tutorials/'))
    .flatMap(examples)
    .filter(({ language }) => language === 'js' || language === 'ts');
  expect(programs.length).toBeGreaterThan(8);
  writeFileSync(join(folder, 'atHand.d.ts'), AT_HAND);
  writeFileSync(join(folder, 'observable.d.ts'), OBSERVABLE);
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
    files: ['atHand.d.ts', 'observable.d.ts', ...files],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: folder, encoding: 'utf8' });
  expect(stdout.split('\n').filter((line) => line !== '')).toEqual([]);
});

describe('what the pages do', () => {
  /** A place with the sample and the models, where modules are found. */
  const folder = join(root, 'tests/artefacts/pages');
  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'demo'), { recursive: true });
    symlinkSync(join(root, 'data'), join(folder, 'data'), 'junction');
    copyFileSync(join(root, 'models/course-cnn/model.onnx'), join(folder, 'demo/model.onnx'));
  });

  const programs = [
    'README.md',
    'docs/recipes.md',
    'docs/from-python.md',
    'docs/train-in-code.md',
    'packages/jets/README.md',
  ]
    .flatMap(examples)
    .filter(({ language }) => language === 'js');
  test.each(programs)('$where runs', async ({ code }) => {
    const { status, stderr } = await execute(folder, process.execPath, '--input-type=module', '--eval', code);
    expect(status, stderr).toBe(0);
  });

  const python = examples('docs/from-python.md').filter(({ language }) => language === 'python');
  const modules = ['numpy', 'h5py', 'onnxruntime'];
  const lacking = spawnSync('python3', ['-c', modules.map((name) => `import ${name}`).join('\n')]).status !== 0;
  test.skipIf(lacking)(
    `docs/from-python.md: scores made in Python are those made here${lacking ? ` (skipped: no Python with ${modules.join(', ')})` : ''}`,
    async () => {
      const bytes = new Uint8Array(readFileSync(join(root, 'models/course-cnn/model.onnx')));
      writeFileSync(join(folder, 'tagger.onnx'), lowerRecipe(namedRecipe('course-30-sum'), bytes));
      expect(python.length).toBeGreaterThan(0);
      for (const { code } of python)
        expect(await execute(folder, 'python3', '-c', code)).toMatchObject({ status: 0, stderr: '' });
      const { data } = readNpy(readFileSync(join(folder, 'scores.npy')));
      const tagger = await loadTagger(bytes, { device: 'cpu' });
      const source = await openJets(join(root, 'data/test.h5'));
      const scores = await tagger.score(rangeSource(source, 0, 1000)).finally(() => tagger.dispose());
      source.close();
      const worst = Math.max(...scores.map((score, i) => Math.abs(score - Number(data[i]))));
      // a constituent on the edge of a pixel may fall to either side in float32
      expect(worst).toBeLessThan(1e-3);
    },
  );
});
