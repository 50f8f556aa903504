// Makes the module that the package offers, dist/page/jet-tagger.js, and beside it what it fetches when it is needed: parts of itself,
// ONNX Runtime, HDF5. The folder works on any static host.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Browsers start workers from the page's own site only, and the page's is seldom the module's: a worker of the page's that imports
 * the one of the module.
 */
const fromAnySite = (fileName) => {
  const text = `'import ' + JSON.stringify(new URL(${JSON.stringify(fileName)}, import.meta.url).href)`;
  return { runtime: `URL.createObjectURL(new Blob([${text}], { type: 'text/javascript' }))` };
};

await build({
  root: at('.'),
  configFile: false,
  logLevel: 'warn',
  base: './',
  publicDir: false,
  worker: {
    format: 'es',
    rolldownOptions: { output: { entryFileNames: '[name]-[hash].js', assetFileNames: '[name]-[hash][extname]' } },
  },
  experimental: {
    renderBuiltUrl: (fileName, { type }) =>
      type === 'asset' && /trialWorker-/.test(fileName) ? fromAnySite(fileName) : undefined,
  },
  build: {
    outDir: at('dist/page'),
    emptyOutDir: true,
    target: 'esnext',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 6000,
    modulePreload: false,
    rolldownOptions: {
      input: at('dist/index.js'),
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: 'jet-tagger.js',
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
});
