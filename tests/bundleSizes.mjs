// Builds pages that use the packages with Vite, without configuration, and measures their JavaScript.
//
//   node tests/bundleSizes.mjs                        writes docs/bundle-sizes.md; build first: npx tsc -b
//   node tests/bundleSizes.mjs FOLDER NODE_MODULES    builds into FOLDER/<page>/dist and prints what was made, as JSON
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, createLogger } from 'vite';

/** A page has all that these packages export. */
const PAGES = {
  infer: ['@jetsdk/infer'],
  eval: ['@jetsdk/eval'],
  plots: ['@jetsdk/plots'],
  all: ['@jetsdk/infer', '@jetsdk/eval', '@jetsdk/plots'],
};

async function buildPage(folder, modules, packages) {
  mkdirSync(folder, { recursive: true });
  symlinkSync(modules, join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>',
  );
  const names = packages.map((name) => name.split('/').at(-1));
  writeFileSync(
    join(folder, 'main.js'),
    [
      ...packages.map((name, i) => `import * as ${names[i]}_ from '${name}';`),
      `globalThis.sdk = { ${names.map((name) => `${name}: ${name}_`).join(', ')} };`,
    ].join('\n'),
  );
  const warnings = [];
  const warn = (message) => warnings.push(message);
  const customLogger = { ...createLogger('warn'), warn, warnOnce: warn };
  const { output } = await build({
    root: folder,
    logLevel: 'warn',
    customLogger,
    build: { reportCompressedSize: false },
  });
  const first = firstLoad(output);
  return {
    warnings,
    packages: [...new Set(output.flatMap(({ moduleIds = [] }) => moduleIds).flatMap(packageOf))].sort(),
    files: output
      .filter(({ fileName }) => /\.m?js$/.test(fileName))
      .map(({ fileName, code, source }) => {
        const bytes = Buffer.from(code ?? source);
        const name = fileName.replace(/^assets\//, '').replace(/-[\w-]{8}(\.m?js)$/, '$1');
        return {
          name,
          isFirst: first.has(fileName),
          bytes: bytes.length,
          gzip: gzipSync(bytes, { level: 9 }).length,
        };
      }),
  };
}

/** The files that run before the page does: its own, and all that they import without waiting. */
function firstLoad(output) {
  const chunks = new Map(output.map((file) => [file.fileName, file]));
  const first = new Set();
  const add = (fileName) => {
    if (first.has(fileName)) return;
    first.add(fileName);
    chunks.get(fileName).imports.forEach(add);
  };
  for (const { fileName, isEntry } of output) if (isEntry) add(fileName);
  return first;
}

/** The package in whose folder a module lies. */
function packageOf(id) {
  const found = /.*\/(?:node_modules|packages)\/((?:@[^/]+\/)?[^/]+)\//.exec(id);
  return found === null ? [] : [found[1]];
}

async function buildPages(folder, modules) {
  const pages = {};
  for (const [page, packages] of Object.entries(PAGES))
    pages[page] = await buildPage(join(folder, page), modules, packages);
  return pages;
}

function document(pages) {
  const kB = (bytes) => (bytes / 1000).toFixed(1);
  const rows = Object.entries(pages).map(([page, { files }]) => {
    const first = files.filter(({ isFirst }) => isFirst);
    const sum = (size) => kB(first.reduce((total, file) => total + file[size], 0));
    return `| ${PAGES[page].map((name) => `\`${name}\``).join(', ')} | ${sum('bytes')} | ${sum('gzip')} |`;
  });
  const later = pages.infer.files
    .filter(({ isFirst }) => !isFirst)
    .map(({ name, bytes, gzip }) => `| \`${name}\` | ${kB(bytes)} | ${kB(gzip)} |`);
  return `# What a page downloads

Made by \`node tests/bundleSizes.mjs\`; do not edit. JavaScript of pages that Vite builds without configuration, minified, in
kB (1000 bytes), each page with everything that the packages export: what it loads before it runs, whatever number of files that
is. \`tests/packedPage.test.ts\` holds upper limits.

| page with | kB | kB, gzip |
| --- | ---: | ---: |
${rows.join('\n')}

When a model is loaded, \`@jetsdk/infer\` fetches, beside the model, what reads its file (\`onnxFile\`) and its card (\`plans\`), what makes
images of jets (\`images\`, with the compiled loops), and ONNX Runtime: \`ort.wasm\` for WebAssembly alone, \`ort.webgpu\` for graphics
devices, and its WebAssembly file, which is not counted here. The \`.mjs\` files are for threads.

| fetched later | kB | kB, gzip |
| --- | ---: | ---: |
${later.join('\n')}
`;
}

const [folder, modules] = process.argv.slice(2);
if (folder !== undefined) {
  process.stdout.write(JSON.stringify(await buildPages(folder, modules)));
} else {
  const temporary = mkdtempSync(join(tmpdir(), 'jetsdk-pages-'));
  try {
    const pages = await buildPages(temporary, fileURLToPath(new URL('../node_modules', import.meta.url)));
    writeFileSync(new URL('../docs/bundle-sizes.md', import.meta.url), document(pages));
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
