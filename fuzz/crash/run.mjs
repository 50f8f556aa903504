// Kills commands at every change that they make to the file system: npm run crash -- [COMMAND…] [--every N]
// Afterwards nothing half-written is where a whole file belongs, and the same command succeeds; exit 1 if not.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { commands, ground } from './commands.mjs';

const root = join(import.meta.dirname, '../..');
const bin = join(root, 'packages/cli/bin/jetsdk.js');
const hook = new URL('./hook.mjs', import.meta.url).href;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '1' }, help: { type: 'boolean', short: 'h' } },
});
const every = Number(values.every);
const unknown = positionals.filter((name) => commands[name] === undefined);
if (values.help || unknown.length > 0 || !(every >= 1)) {
  console.error(`npm run crash -- [COMMAND…] [--every N]
commands: ${Object.keys(commands).join(', ')}${unknown.length > 0 ? `; got ${unknown.join(', ')}` : ''}
--every N kills at every N-th change alone, and at the last three`);
  process.exit(values.help ? 0 : 2);
}

const here = mkdtempSync(join(tmpdir(), 'jetsdk-crash-'));
process.on('exit', () => rmSync(here, { recursive: true, force: true }));
const env = { ...process.env, JETSDK_CACHE: join(here, 'cache') };

/** What commands read that lies in the project. */
const files = {
  DATA: join(root, 'data/test.h5'),
  PILE_UP: join(root, 'packages/jets/fixtures/pile-up.h5'),
};

function jetsdk(args, cwd, extra = {}) {
  const flags = Object.keys(extra).length > 0 ? ['--import', hook] : [];
  const given = args.map((arg) => files[arg] ?? arg);
  return spawnSync(process.execPath, [...flags, bin, ...given], { cwd, encoding: 'utf8', env: { ...env, ...extra } });
}

/** All files of a folder by their path, with their bytes. */
function filesOf(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path)];
    }),
  );
}

/** A folder with what a command needs, and its files. */
function groundOf(needs) {
  const base = join(here, 'ground');
  rmSync(base, { recursive: true, force: true });
  mkdirSync(base);
  for (const [name, args] of Object.entries(ground)) {
    if (name !== 'jets' && !needs.includes(name)) continue;
    const { status, stderr } = jetsdk(args, base);
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  }
  return { base, before: filesOf(base) };
}

let failed = 0;
for (const name of positionals.length > 0 ? positionals : Object.keys(commands)) failed += crash(name);
process.exitCode = failed > 0 ? 1 : 0;

function crash(name) {
  const { needs, args, again = () => args, varies, unfinished } = commands[name];
  const { base, before } = groundOf(needs);
  const folder = join(here, name);
  const fresh = () => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(env.JETSDK_CACHE, { recursive: true, force: true });
    cpSync(base, folder, { recursive: true });
  };
  const same = (path, a, b) => varies?.test(path) || (b !== undefined && a.equals(b));

  fresh();
  const log = join(here, `${name}.log`);
  const whole = jetsdk(args, folder, { CRASH_LOG: log });
  if (whole.status !== 0) throw new Error(`${name}: ${whole.stderr}`);
  const wanted = filesOf(folder);
  const changes = readFileSync(log, 'utf8').trimEnd().split('\n');

  const failures = [];
  let kills = 0;
  for (let k = 1; k <= changes.length; k++) {
    if (k % every !== 0 && k <= changes.length - 3) continue;
    fresh();
    const fail = (what) => failures.push(`${name}, killed at ${changes[k - 1]}: ${what}`);
    const killed = jetsdk(args, folder, { CRASH_AT: String(k) });
    if (killed.signal !== 'SIGKILL') {
      fail(`ended with ${killed.status} and not by the signal`);
      continue;
    }
    kills++;
    for (const [path, bytes] of filesOf(folder)) {
      const hidden = path.split('/').some((part) => part.startsWith('.'));
      if (hidden || unfinished?.test(path) || before.get(path)?.equals(bytes)) continue;
      if (!wanted.has(path)) fail(`leaves ${path}`);
      else if (!same(path, wanted.get(path), bytes)) fail(`${path} is half-written`);
    }
    const next = again((path) => existsSync(join(folder, path)));
    const { status, stderr } = jetsdk(next, folder);
    if (status !== 0) {
      fail(`${next.join(' ')} then ends with ${status}: ${stderr.trimEnd().split('\n').at(-1)}`);
      continue;
    }
    const after = filesOf(folder);
    for (const [path, bytes] of wanted)
      if (!same(path, bytes, after.get(path))) fail(`${path} is another one afterwards`);
    for (const path of after.keys()) if (!wanted.has(path)) fail(`${path} stays`);
  }
  console.log(`${name}: killed at ${kills} of ${changes.length} changes, ${failures.length} failures`);
  for (const failure of failures.slice(0, 10)) console.log(`  ${failure}`);
  return failures.length;
}
