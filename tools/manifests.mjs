// What the manifests share stands in the one at the root. `npm run manifests` writes it into the others;
// `npm run version -- X.Y.Z` changes the version first. What they do to package-lock.json is npm's own.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const readJson = (path) => JSON.parse(read(path));

/**
 * Folders of the workspaces, e.g. `packages/jets`.
 *
 * @returns {string[]}
 */
export function workspaces() {
  return readJson('package.json').workspaces.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(join(root, pattern.slice(0, -2)))
          .map((name) => pattern.slice(0, -1) + name)
          .filter((folder) => existsSync(join(root, folder, 'package.json')))
      : [pattern],
  );
}

/** The manifest of a workspace with what it shares with the root. */
export function withShared(folder, manifest) {
  const { version, license, homepage, bugs, repository, engines } = readJson('package.json');
  const ours = new Set(workspaces().map((other) => readJson(`${other}/package.json`).name));
  const pinned = (dependencies) =>
    Object.fromEntries(Object.entries(dependencies).map(([name, range]) => [name, ours.has(name) ? version : range]));
  const { name, private: hidden, description, keywords, type, ...rest } = manifest;
  const published = {
    keywords: keywords ?? [],
    homepage,
    bugs,
    repository: { ...repository, directory: folder },
    publishConfig: { access: 'public', provenance: true },
  };
  for (const key of ['version', 'license', 'engines', ...Object.keys(published)]) delete rest[key];
  for (const key of ['dependencies', 'devDependencies', 'peerDependencies'])
    if (rest[key] !== undefined) rest[key] = pinned(rest[key]);
  const kind = type === undefined ? {} : { type };
  return hidden
    ? { name, private: true, version, description, license, ...kind, ...rest }
    : { name, version, description, license, ...published, ...kind, engines, ...rest };
}

/**
 * Files that follow from the root's manifest, by path.
 *
 * @returns {Map<string, string>}
 */
export function written() {
  const manifests = workspaces().map((folder) => [
    `${folder}/package.json`,
    `${JSON.stringify(withShared(folder, readJson(`${folder}/package.json`)), null, 2)}\n`,
  ]);
  const { version } = readJson('package.json');
  const versionFile = 'packages/jets/src/version.ts';
  return new Map([...manifests, [versionFile, read(versionFile).replace(/(SDK_VERSION = )'.*'/, `$1'${version}'`)]]);
}

function setVersion(version) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version ?? '')) {
    console.error(`version: got ${version ?? 'nothing'}; expected one as 1.2.3: npm run version -- 1.2.3`);
    process.exit(2);
  }
  const manifest = { ...readJson('package.json'), version };
  writeFileSync(join(root, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const today = new Date().toISOString().slice(0, 10);
  const changes = read('CHANGELOG.md').replace('## Unreleased\n', `## Unreleased\n\n## ${version}, ${today}\n`);
  writeFileSync(join(root, 'CHANGELOG.md'), changes);
}

/** Brings package-lock.json into line; npm tells its children where it lies. */
function lock() {
  const flags = ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync(process.execPath, [process.env.npm_execpath, ...flags], { cwd: root, stdio: 'inherit' });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--version')) setVersion(process.argv.at(-1));
  for (const [path, text] of written()) writeFileSync(join(root, path), text);
  lock();
}
