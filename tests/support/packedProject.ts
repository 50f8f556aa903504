/** @file The packages as npm publishes them, and an empty project that has them. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspaces } from '../../tools/manifests.mjs';
import { cleanClone } from './cleanClone.js';
import { root } from './command.js';

export interface Packed {
  readonly name: string;
  readonly tarball: Buffer<ArrayBuffer>;
  /** what can be imported: the name alone or with a path */
  readonly modules: readonly string[];
}

export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Environment of a person at a terminal: without what npm and the test runner tell their children. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(NODE_ENV|NODE_OPTIONS|VITEST.*|npm_(package|lifecycle)_.*|npm_config_local_prefix)$/.test(name),
  ),
);

/** Runs a program to its end, whatever that is. */
export async function execute(cwd: string, program: string, ...args: readonly string[]): Promise<Result> {
  try {
    const options = {
      cwd,
      env: environment,
      maxBuffer: 1 << 26,
      shell: process.platform === 'win32' && /^np[mx]$/.test(program),
    };
    return { status: 0, ...(await promisify(execFile)(program, args, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}

/** What lasts when the registry does not answer, as npm calls it. */
const UNREACHABLE = /\b(ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/** Folders of all packages that npm publishes. */
export function published(): readonly string[] {
  return workspaces().filter((place) => {
    const manifest = JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8')) as { private?: boolean };
    return manifest.private !== true;
  });
}

/** Packs every package of a clean clone into `folder`, as a release does: each is built by its own `prepack`. */
export async function packAll(folder: string, packages: readonly string[]): Promise<Packed[]> {
  const clone = join(folder, 'clone');
  cleanClone(clone);
  const flags = ['--ignore-scripts=false', '--pack-destination', folder, '--silent'];
  const { status, stdout, stderr } = await execute(
    clone,
    'npm',
    'pack',
    ...packages.flatMap((name) => ['-w', name]),
    ...flags,
  );
  if (status !== 0) throw new Error(`npm pack: ${stdout}${stderr}`);
  return packages.map((place) => {
    const { name, version, exports } = JSON.parse(readFileSync(join(clone, place, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      exports: Record<string, unknown>;
    };
    return {
      name,
      tarball: readFileSync(join(folder, tarballName(name, version))),
      modules: Object.keys(exports)
        .filter((path) => !path.endsWith('.json'))
        .map((path) => name + path.slice(1)),
    };
  });
}

/**
 * Makes a project in `folder` and installs the tarballs that lie in `from`.
 *
 * @param others what else the project depends on, with versions
 * @param scripts whether the packages may run their install scripts, as npm lets them unless told otherwise
 * @returns why it cannot be, where the registry does not answer and npm's cache lacks something
 */
export async function install(
  folder: string,
  from: string,
  packed: readonly Packed[],
  others: Readonly<Record<string, string>> = {},
  scripts = false,
): Promise<string | undefined> {
  const ours = Object.fromEntries(packed.map(({ name }) => [name, `file:${join(from, tarballName(name))}`]));
  const dependencies = { ...ours, ...others };
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const quick = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=60000'];
  const quiet = [`--ignore-scripts=${!scripts}`, '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = await execute(folder, 'npm', 'install', ...quiet, ...quick);
  if (status === 0) return undefined;
  const [reason] = UNREACHABLE.exec(stderr) ?? [];
  if (reason === undefined) throw new Error(`npm install: ${stderr}`);
  return reason;
}

/** As npm calls it; every package has the version of the repository. */
function tarballName(name: string, version = repositoryVersion): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

const { version: repositoryVersion } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};
