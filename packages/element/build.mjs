// Makes the module that the package offers, dist/page/jet-tagger.js, and beside it what it fetches when it is needed: parts of itself,
// ONNX Runtime, HDF5. The folder works on any static host.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  root: at('.'),
  configFile: false,
  logLevel: 'warn',
  base: './',
  publicDir: false,
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
