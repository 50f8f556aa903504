import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
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
  [/^@dagrejs\/dagre$/, /^packages\/plots\/src\/pictures\//],
  [/^commander$|^cli-progress$/, /^packages\/cli\//],
];

/** The source files of a package, without tests. */
const sourcesOf = (folder: string): readonly string[] =>
  readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/src/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path) && !/\.(test|testing)\.tsx?$/.test(path));

const sources = readdirSync(join(root, 'packages')).flatMap((name) => sourcesOf(`packages/${name}`));

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

/** The files of its own package that a source file imports, by the path of their source. */
function localImports(path: string): readonly string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const [folder] = path.split('/src/');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+\.js)'/g)]
    .map(([, name = '']) => posix.join(posix.dirname(path), name).replace(/js$/, 'ts'))
    .filter((target) => target.startsWith(`${folder}/src/`));
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

/** A row of a table *room | what | may import* in docs/architecture.md. */
interface Room {
  readonly names: readonly string[];
  readonly may: readonly string[];
}

const codes = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The rooms of every package, by its folder. */
const rooms = new Map(
  readFileSync(join(root, 'docs/architecture.md'), 'utf8')
    .split(/^### /m)
    .slice(1)
    .map((section): [string, readonly Room[]] => [
      codes(section)[0] ?? '',
      [...section.matchAll(/^\| (`.*?) \|[^|]*\| (.*) \|$/gm)].map(([, names, may]) => ({
        names: codes(names),
        may: codes(may),
      })),
    ]),
);

describe.each([...rooms])('the rooms of %s', (folder, rows) => {
  const files = sourcesOf(folder).map((path) => path.slice(`${folder}/src/`.length));
  const fits = (name: string, file: string): boolean => {
    const bare = file.replace(/\.tsx?$/, '');
    if (name === '*') return !file.includes('/');
    return name.endsWith('.ts') ? name === file : bare === name || bare.startsWith(`${name}/`);
  };
  /** The row of a file: the one with the longest name that fits, `*` being the shortest. */
  const rowOf = (file: string): number => {
    const found = rows
      .flatMap(({ names }, row) => names.map((name) => ({ name, row })))
      .filter(({ name }) => fits(name, file))
      .sort((a, b) => (b.name === '*' ? 0 : b.name.length) - (a.name === '*' ? 0 : a.name.length));
    return found[0]?.row ?? -1;
  };
  const arrows = files.flatMap((file) =>
    localImports(`${folder}/src/${file}`)
      .map((path) => path.slice(`${folder}/src/`.length))
      .map((target) => ({ file, target, from: rowOf(file), to: rowOf(target) }))
      .filter(({ from, to }) => from !== to),
  );
  const allowed = rows.map(({ may }) => may.map((name) => rows.findIndex(({ names }) => names[0] === name)));

  test('have every file, and no name is left over', () => {
    expect(files.filter((file) => rowOf(file) < 0)).toEqual([]);
    expect(rows.flatMap(({ names }) => names).filter((name) => !files.some((file) => fits(name, file)))).toEqual([]);
  });

  test('import what their rows in docs/architecture.md allow', () => {
    const wrong = arrows.filter(({ from, to }) => !allowed[from]?.includes(to));
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  test('allow nothing that is not used', () => {
    const used = (from: number, to: number): boolean => arrows.some((arrow) => arrow.from === from && arrow.to === to);
    const idle = allowed.flatMap((targets, from) => targets.filter((to) => !used(from, to)).map((to) => [from, to]));
    expect(idle.map(([from = 0, to = 0]) => `${rows[from]?.names[0]} allows ${rows[to]?.names[0]}`)).toEqual([]);
  });

  test('stand on those above them, so that there are no circles', () => {
    const upwards = allowed.flatMap((targets, from) => targets.filter((to) => to >= from).map((to) => [from, to]));
    expect(upwards.map(([from = 0, to = 0]) => `${rows[from]?.names[0]} stands on ${rows[to]?.names[0]}`)).toEqual([]);
  });
});

test('every package has its rooms in docs/architecture.md', () => {
  const withCode = [...new Set(sources.map((path) => path.split('/').slice(0, 2).join('/'))), 'apps/dashboard'];
  expect([...rooms.keys()].sort()).toEqual(withCode.sort());
});
