import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './support/command.js';
import { published } from './support/packedProject.js';

/** Rows of the README's table *Package | Purpose | May import*: what each package may import of ours, by its folder. */
const law = new Map(
  [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| `([\w/]+)` `[^`]+` \|[^|]*\| ([^|]*) \|$/gm)].map(
    ([, folder, may]): [string, readonly string[]] => [
      folder ?? '',
      may === 'nothing of ours' ? [] : (may?.split(', ') ?? []),
    ],
  ),
);

/** Third-party libraries that belong to one place. */
const OWNERS: readonly (readonly [library: RegExp, place: RegExp])[] = [
  [/^@tensorflow\//, /^packages\/train\//],
  [/^onnxruntime-/, /^packages\/infer\//],
  [/^protobufjs/, /^packages\/onnx\/src\/wire\//],
  [/^h5wasm|^hyparquet|^jsroot/, /^packages\/jets\/src\/io\//],
  [/^@observablehq\/plot$/, /^packages\/plots\//],
  [/^linkedom$/, /^packages\/plots\//],
  [/^commander$|^cli-progress$/, /^packages\/cli\//],
];

const sources = readdirSync(join(root, 'packages')).flatMap((name) =>
  readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => `packages/${name}/src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !/\.(test|testing)\.ts$/.test(path)),
);

/** The packages of ours that a folder's sources import. */
const imported = (folder: string): readonly string[] => [
  ...new Set(
    sources
      .filter((path) => path.startsWith(`${folder}/`))
      .flatMap(imports)
      .flatMap((module) => /^@jetsdk\/\w+/.exec(module)?.[0] ?? []),
  ),
];

/** Every module a source file imports or requires, statically or lazily. */
function imports(path: string): readonly string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/(?:from|import|require|resolve|createRequire\([^)]*\))\s*\(?\s*'([^'.][^']*)'/g)].map(
    ([, name]) => name!,
  );
}

describe('the import law', () => {
  test('the README has a row for every package', () => {
    expect([...law.keys()].sort()).toEqual([...published()].sort());
  });

  test.each([...law])('%s imports only what the README allows', (folder, may) => {
    if (may[0] === 'all') return;
    const allowed = may.map((name) => `@jetsdk/${name}`);
    expect(imported(folder).filter((name) => !allowed.includes(name))).toEqual([]);
  });

  test.each(OWNERS)('%s is imported in its own place only', (library, place) => {
    const users = sources.filter((path) => imports(path).some((module) => library.test(module)));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((path) => !place.test(path))).toEqual([]);
  });

  test.each([...law.keys()])('%s depends on the packages it imports and on no others of ours', (folder) => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
      peerDependencies?: Record<string, string>;
    };
    const declared = Object.keys({ ...dependencies, ...peerDependencies }).filter((name) =>
      name.startsWith('@jetsdk/'),
    );
    expect(declared.sort()).toEqual([...imported(folder)].sort());
  });
});
