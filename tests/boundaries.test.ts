import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Rows of the README's table *Package | Purpose | May import*. */
const law = new Map(
  [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| `packages\/(\w+)` [^|]*\|[^|]*\| ([^|]*) \|$/gm)].map(
    ([, name, may]) => [name!, may === 'nothing of ours' ? [] : may!.split(', ')],
  ),
);

/** Third-party libraries that belong to one place. */
const OWNERS: readonly (readonly [library: RegExp, place: RegExp])[] = [
  [/^@tensorflow\//, /^packages\/train\//],
  [/^onnxruntime-/, /^packages\/infer\//],
  [/^protobufjs/, /^packages\/onnx\/src\//],
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

/** Every module a source file imports or requires, statically or lazily. */
function imports(path: string): readonly string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/(?:from|import|require|createRequire\([^)]*\))\s*\(?\s*'([^'.][^']*)'/g)].map(
    ([, name]) => name!,
  );
}

describe('the import law', () => {
  test('the README has a row for every package', () => {
    const packages = new Set(sources.map((path) => path.split('/')[1]));
    expect([...law.keys()].sort()).toEqual([...packages].sort());
  });

  test.each([...law.keys()])('%s imports only what the README allows', (name) => {
    const found = new Set(
      sources
        .filter((path) => path.startsWith(`packages/${name}/`))
        .flatMap(imports)
        .flatMap((module) => /^@jetsdk\/(\w+)/.exec(module)?.[1] ?? []),
    );
    const allowed = law.get(name)![0] === 'all' ? [...law.keys()] : law.get(name)!;
    expect([...found].filter((module) => !allowed.includes(module))).toEqual([]);
  });

  test.each(OWNERS)('%s is imported in its own place only', (library, place) => {
    const users = sources.filter((path) => imports(path).some((module) => library.test(module)));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((path) => !place.test(path))).toEqual([]);
  });

  test('every package depends on the packages it imports and on no others of ours', () => {
    for (const name of law.keys()) {
      const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      const used = new Set(
        sources
          .filter((path) => path.startsWith(`packages/${name}/`))
          .flatMap(imports)
          .flatMap((module) => /^@jetsdk\/\w+/.exec(module)?.[0] ?? []),
      );
      const declared = Object.keys(manifest.dependencies).filter((dependency) => dependency.startsWith('@jetsdk/'));
      expect([name, ...declared.sort()]).toEqual([name, ...[...used].sort()]);
    }
  });
});
