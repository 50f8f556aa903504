import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { contentSecurity, headers } from './site/isolation.ts';
import { offline } from './site/offline.ts';
import { siteFiles } from './site/siteFiles.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [
    siteFiles({
      sample: `${repository}data/test.h5`,
      pileup: `${repository}data/pileup.h5`,
      models: process.env['JETSDK_MODELS'] ?? `${repository}models`,
    }),
    offline(),
    {
      name: 'jetsdk-content-security',
      // for hosts where no headers can be set
      transformIndexHtml: () => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurity },
          injectTo: 'head-prepend',
        },
      ],
    },
  ],
  worker: { format: 'es' },
  build: { target: 'esnext', chunkSizeWarningLimit: 5000, assetsInlineLimit: 0 },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { headers },
  preview: { headers },
});
