// Runs the tutorials and writes what they gave, and their notebooks: npm run tutorials -- [PAGE…]
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { notebookOf } from './notebook.mjs';
import { pageOf, partsOf, picturesOf } from './page.mjs';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
export const folder = join(root, 'docs/tutorials');
export const names = (await readdir(folder))
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => name.slice(0, -'.md'.length));

export const readPage = (name) => readFile(join(folder, `${name}.md`), 'utf8');

/**
 * Runs a tutorial in an empty folder with the sample in `data`.
 *
 * @param work the folder, inside of the checkout, where modules are found
 * @returns the page with its output; its pictures are below `work`
 */
export async function perform(page, work) {
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'pictures'), { recursive: true });
  await symlink(join(root, 'data'), join(work, 'data'), 'junction');
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  const options = { cwd: work, env: { ...process.env, PATH: path, JETSDK_CACHE: join(work, 'cache') } };
  const parts = [];
  for (const part of partsOf(page)) {
    const { language, file, code } = part;
    if (file !== undefined) await writeFile(join(work, file), code);
    const program =
      language === 'sh'
        ? ['bash', '-euc', code]
        : language === 'js' && file === undefined
          ? [process.execPath, '--input-type=module', '--eval', code]
          : undefined;
    const output =
      program && (await run(program[0], program.slice(1), options)).stdout.replace(/\n*$/, '\n').trimStart();
    parts.push({ ...part, output });
  }
  return pageOf(parts);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const asked = process.argv.slice(2);
  for (const name of asked.length === 0 ? names : asked) {
    const start = performance.now();
    const work = join(root, 'tests/artefacts/tutorials', name);
    const page = await perform(await readPage(name), work);
    await writeFile(join(folder, `${name}.md`), page);
    await writeFile(join(folder, `${name}.ipynb`), notebookOf(name, page));
    await rm(join(folder, 'pictures', name), { recursive: true, force: true });
    await mkdir(join(folder, 'pictures', name), { recursive: true });
    for (const { name: picture } of picturesOf(page))
      await copyFile(join(work, 'pictures', picture), join(folder, 'pictures', name, picture));
    console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }
}
