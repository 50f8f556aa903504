/** @file Writes the service worker: which files of this build make up the site, under a name that changes with them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/** Kept when they are first used: what only some visitors need. */
const ON_DEMAND = /\.(wasm|so|onnx|map)$/;
const LARGE = 2 ** 20;

export function offline(): Plugin {
  return {
    name: 'jetsdk-offline',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const contents = Object.values(bundle).map((file) => ({
          name: file.fileName,
          content: file.type === 'chunk' ? file.code : file.source,
        }));
        const kept = contents.filter(
          ({ name, content }) => !ON_DEMAND.test(name) && (content.length < LARGE || name === 'sample.npz'),
        );
        const hash = createHash('sha256');
        for (const { name, content } of contents) hash.update(name).update(content);
        const template = await readFile(new URL('./serviceWorker.js', import.meta.url), 'utf8');
        const source = template
          .replace('VERSION', hash.digest('hex').slice(0, 12))

          .replace("'FILES'", JSON.stringify(['./', ...kept.map(({ name }) => name)]));
        this.emitFile({ type: 'asset', fileName: 'serviceWorker.js', source });
      },
    },
  };
}
