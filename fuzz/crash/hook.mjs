// Loaded with --import: kills the process at the CRASH_AT-th change of the file system; of what that one writes, half is written.
// CRASH_LOG is the file in which the changes are listed.
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const at = Number(process.env.CRASH_AT ?? 0);
const log = process.env.CRASH_LOG;
const { appendFileSync, writeSync, writeFileSync } = fs;
let changes = 0;
/** What Node calls inside of a call that is counted already is no change of its own. */
let inside = 0;

function die() {
  process.kill(process.pid, 'SIGKILL');
  // the signal may take a moment
  for (;;);
}

/** @param {() => void} tear writes a part */
function count(name, what, tear = () => {}) {
  changes++;
  if (log) {
    inside++;
    appendFileSync(log, `${changes} ${name} ${typeof what === 'string' ? JSON.stringify(what.slice(-60)) : ''}\n`);
    inside--;
  }
  if (changes !== at) return;
  inside++;
  tear();
  die();
}

const half = (data) => (typeof data === 'string' ? data.slice(0, data.length / 2) : data.subarray(0, data.length / 2));
const writes = (flags) =>
  typeof flags === 'number' ? (flags & 3) !== 0 : typeof flags === 'string' && /[wa+]/.test(flags);

/** @param {(args: unknown[]) => boolean} counts @param {(args: unknown[]) => void} [tear] */
function wrap(holder, name, counts = () => true, tear = () => {}) {
  const real = holder[name];
  if (real === undefined) return;
  holder[name] = function (...args) {
    if (inside > 0 || !counts(args)) return real.apply(this, args);
    count(name, args[0], () => tear.call(this, args));
    inside++;
    try {
      return real.apply(this, args);
    } finally {
      inside--;
    }
  };
}

if (isMainThread) {
  const opens = ([, flags]) => writes(flags);
  const notStandard = ([fd]) => fd > 2;
  const tearFile = ([path, data]) => writeFileSync(path, half(data));
  const tearFd = ([fd, data, offset = 0, length = data.length - offset, position]) =>
    typeof data === 'string' ? writeSync(fd, half(data)) : writeSync(fd, data, offset, length >> 1, position);
  for (const holder of [fs, fs.promises]) {
    const names = [
      'rename',
      'mkdir',
      'mkdtemp',
      'rmdir',
      'unlink',
      'rm',
      'copyFile',
      'cp',
      'link',
      'symlink',
      'truncate',
      'chmod',
      'utimes',
    ];
    const suffixes = holder === fs ? ['', 'Sync'] : [''];
    for (const suffix of suffixes) {
      for (const name of names) wrap(holder, `${name}${suffix}`);
      wrap(holder, `open${suffix}`, opens);
      for (const name of ['writeFile', 'appendFile']) wrap(holder, `${name}${suffix}`, undefined, tearFile);
      if (holder === fs)
        for (const name of ['write', 'writev', 'ftruncate', 'fsync', 'fdatasync'])
          wrap(holder, `${name}${suffix}`, notStandard, name === 'write' ? tearFd : undefined);
    }
  }
  const handle = await open(process.execPath);
  const methods = Object.getPrototypeOf(handle);
  await handle.close();
  for (const name of ['writeFile', 'appendFile', 'writev', 'truncate', 'sync', 'datasync']) wrap(methods, name);
  wrap(methods, 'write', undefined, function ([data, ...rest]) {
    tearFd([this.fd, data, ...rest]);
  });
  syncBuiltinESMExports();
}
