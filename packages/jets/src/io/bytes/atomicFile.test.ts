import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isJetError } from '../../errors.js';
import { temporaryFolder } from '../fixtures.testing.js';
import { requireFolderOf, writeFileAtomically } from './atomicFile.js';

const temporary = temporaryFolder();

async function emptyFolder(name: string): Promise<string> {
  await mkdir(temporary(name));
  return temporary(name);
}

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (isJetError(error)) return error.code;
    throw error;
  }
  return 'no error';
}

describe('writeFileAtomically', () => {
  it('writes bytes, text, and what a function writes', async () => {
    const folder = await emptyFolder('contents');
    await writeFileAtomically(`${folder}/bytes`, Uint8Array.of(1, 2));
    await writeFileAtomically(`${folder}/text`, 'ε');
    await writeFileAtomically(`${folder}/function`, async (file) => {
      await file.write('one ');
      await file.write('two');
    });
    expect(new Uint8Array(await readFile(`${folder}/bytes`))).toEqual(Uint8Array.of(1, 2));
    expect(await readFile(`${folder}/text`, 'utf8')).toBe('ε');
    expect(await readFile(`${folder}/function`, 'utf8')).toBe('one two');
    expect((await readdir(folder)).toSorted()).toEqual(['bytes', 'function', 'text']);
  });

  it('leaves the old file and nothing else when the writer fails', async () => {
    const folder = await emptyFolder('failure');
    await writeFile(`${folder}/file`, 'old');
    const failing = writeFileAtomically(`${folder}/file`, async (file) => {
      await file.write('half');
      expect(await readFile(`${folder}/file`, 'utf8')).toBe('old');
      throw new RangeError('from the writer');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await readFile(`${folder}/file`, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('removes what a killed process has left of the same file, and nothing of a living one', async () => {
    const folder = await emptyFolder('killed');
    const files = import.meta.resolve('@jetsdk/jets/files');
    const half = `async (file) => { await file.write('half'); `;
    const child = (after: string) =>
      spawn(process.execPath, [
        '--input-type=module',
        '-e',
        `import { writeFileAtomically } from '${files}';
         await writeFileAtomically(process.argv[1], ${half}${after} });`,
        `${folder}/file`,
      ]);
    const killed = child(`process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});`);
    await once(killed, 'exit');
    const [left, ...more] = await readdir(folder);
    expect([left, more]).toEqual([expect.stringMatching(/^\.file\..*\.part$/), []]);
    const living = child(
      `console.log('writing'); await new Promise((done) => process.stdin.once('end', done).resume());`,
    );
    await once(living.stdout, 'data');
    expect(await readdir(folder)).not.toContain(left);
    await writeFileAtomically(`${folder}/file`, 'whole');
    expect(await readdir(folder)).toHaveLength(2);
    living.stdin.end();
    await once(living, 'exit');
    expect(await readdir(folder)).toEqual(['file']);
    expect(await readFile(`${folder}/file`, 'utf8')).toBe('half');
  });

  it('leaves nothing when the process ends as soon as the file is there', async () => {
    const folder = await emptyFolder('ended');
    const files = import.meta.resolve('@jetsdk/jets/files');
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { readdirSync } from 'node:fs';
       import { writeFileAtomically } from '${files}';
       writeFileAtomically(process.argv[1] + '/file', 'whole');
       setImmediate(function leaveOnceThere() {
         // the thread that makes the file goes on meanwhile, its answer waits
         for (const start = performance.now(); performance.now() - start < 50; )
           if (readdirSync(process.argv[1]).length > 0) process.exit(7);
         setImmediate(leaveOnceThere);
       });`,
      folder,
    ]);
    expect(await once(child, 'exit')).toEqual([7, null]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes files whose names are as long as they may be', async () => {
    const folder = await emptyFolder('long');
    for (const name of ['x'.repeat(255), 'é'.repeat(127)]) {
      await writeFileAtomically(`${folder}/${name}`, name);
      expect(await readFile(`${folder}/${name}`, 'utf8')).toBe(name);
    }
    expect(await readdir(folder)).toHaveLength(2);
  });

  it.skipIf(process.platform === 'win32')('keeps links and modes (skipped on Windows)', async () => {
    const folder = await emptyFolder('links');
    await writeFile(`${folder}/target`, 'old');
    await chmod(`${folder}/target`, 0o640);
    await symlink('target', `${folder}/link`);
    await writeFileAtomically(`${folder}/link`, 'new');
    expect(await readlink(`${folder}/link`)).toBe('target');
    expect(await readFile(`${folder}/target`, 'utf8')).toBe('new');
    expect((await stat(`${folder}/target`)).mode & 0o777).toBe(0o640);
  });

  it('refuses folders, devices, missing folders and a leading tilde', async () => {
    const folder = await emptyFolder('refused');
    expect(await codeOf(() => writeFileAtomically(folder, 'x'))).toBe('BAD_ARGUMENT');
    expect(await codeOf(() => writeFileAtomically('/dev/null', 'x'))).toBe('BAD_ARGUMENT');
    expect(await codeOf(() => writeFileAtomically(`${folder}/missing/file`, 'x'))).toBe('FILE_NOT_FOUND');
    await expect(writeFileAtomically('~/file', 'x')).rejects.toThrow('a leading ~');
  });
});

describe('requireFolderOf', () => {
  it('takes what may be written later, and refuses what lies in no folder', async () => {
    const folder = await emptyFolder('asked');
    await requireFolderOf(temporary('asked/model.onnx'));
    expect(await readdir(folder)).toEqual([]);
    expect(await codeOf(() => requireFolderOf(temporary('asked/missing/model.onnx')))).toBe('FILE_NOT_FOUND');
    await writeFile(temporary('asked/file'), '');
    expect(await codeOf(() => requireFolderOf(temporary('asked/file/model.onnx')))).toBe('FILE_NOT_FOUND');
  });
});
