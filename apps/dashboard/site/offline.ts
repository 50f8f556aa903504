/**
 * @file Writes the service worker, under a name that changes with the files of this build, and `later.json`: what is kept
 * when it is first used or when a visitor asks for it.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { Later } from '../src/offline.ts';

/** Only some visitors need these. */
const ON_DEMAND = /\.(wasm|so|onnx|h5)$/;
const UNUSED = /\.map$|^_headers$/;
const LARGE = 2 ** 20;

export function offline(): Plugin {
  let publicFolder = '';
  return {
    name: 'jetsdk-offline',
    apply: 'build',
    configResolved({ publicDir }) {
      publicFolder = publicDir;
    },
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const copied = await Promise.all(
          (await readdir(publicFolder)).map(async (name) => ({
            name,
            content: await readFile(join(publicFolder, name)),
          })),
        );
        const made = Object.values(bundle).map((file) => ({
          name: file.fileName,
          content: Buffer.from(file.type === 'chunk' ? file.code : file.source),
        }));
        const all = [...made, ...copied].filter(({ name }) => !UNUSED.test(name));
        const isLater = ({ name, content }: (typeof all)[number]): boolean =>
          ON_DEMAND.test(name) || (content.length >= LARGE && name !== 'sample.npz');
        const hash = createHash('sha256');
        for (const { name, content } of all) hash.update(name).update(content);
        const template = await readFile(new URL('./serviceWorker.js', import.meta.url), 'utf8');
        const version = hash.update(template).digest('hex').slice(0, 12);
        const files = all.filter((file) => !isLater(file) && file.name !== 'index.html').map(({ name }) => name);
        const source = template
          .replace('VERSION', version)
          .replace("'FILES'", JSON.stringify(['./', ...files, 'later.json']));
        const later: Later = {
          cache: /const KEPT = '(.+)'/.exec(source)![1],
          files: all.filter(isLater).map(({ name, content }) => ({ path: name, bytes: content.length })),
        };
        this.emitFile({ type: 'asset', fileName: 'serviceWorker.js', source });
        this.emitFile({ type: 'asset', fileName: 'later.json', source: JSON.stringify(later) });
      },
    },
  };
}
