// Runs in a project that has webpack and the packages from their tarballs. Builds a page and its worker with webpack as
// it comes: no configuration but where to start, and no hints about size. Prints what webpack says, as JSON.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import webpack from 'webpack';

const FILES = {
  'src/page.js': `
    import { loadTagger } from '@jetsdk/infer';
    export async function score(images) {
      const tried = await loadTagger(new URL('/short.onnx', location.href), { device: 'wasm' });
      await tried.dispose();
      const tagger = await loadTagger(new URL('/scoreNhwc.onnx', location.href), { device: 'wasm' });
      const scores = await tagger.score(images);
      const { threads } = tagger.info;
      await tagger.dispose();
      return { scores: [...scores], threads };
    }
    export const scoreFile = (file) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL('./work.js', import.meta.url));
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(file);
      });
    globalThis.page = { score, scoreFile };`,
  'src/work.js': `
    import { loadTagger } from '@jetsdk/infer';
    import { openJets } from '@jetsdk/jets/files';
    onmessage = async ({ data: file }) => {
      const source = await openJets(file);
      const { kind, count } = source;
      let scores = [];
      if (kind === 'images') {
        const tagger = await loadTagger(new URL('/scoreNhwc.onnx', location.href), { device: 'wasm' });
        scores = [...(await tagger.score(source))];
        await tagger.dispose();
      }
      source.close();
      postMessage({ kind, count, scores });
    };`,
  'dist/index.html': '<!doctype html><link rel="icon" href="data:,"><script src="main.js"></script>',
};

for (const folder of ['src', 'dist']) mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(FILES)) writeFileSync(name, text);

const compiler = webpack({
  mode: 'production',
  entry: './src/page.js',
  output: { path: resolve('dist') },
  performance: { hints: false },
});
compiler.run((error, stats) => {
  if (error) throw error;
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  const modules = [...stats.compilation.modules].map((module) => module.nameForCondition() ?? module.identifier());
  process.stdout.write(
    JSON.stringify({
      errors: errors.map(({ message }) => message),
      warnings: warnings.map(({ message }) => message),
      modules: [...new Set(modules)].map((path) => path.replace(/^.*\/node_modules\//, '')),
    }),
  );
  compiler.close(() => undefined);
});
