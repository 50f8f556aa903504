// A tutorial as a notebook for Deno's Jupyter kernel.
import { partsOf, picturesOf } from './page.mjs';

const SETUP = (
  name,
) => `// Run this first. The notebook lies in a checkout of Jet SDK, after \`npm ci && npm run build\`.
const checkout = await Deno.realPath('../..');
const folder = \`\${checkout}/runs/${name}\`;
// what an earlier run of this notebook left
await Deno.remove(folder, { recursive: true }).catch(() => undefined);
await Deno.mkdir(\`\${folder}/pictures\`, { recursive: true });
Deno.chdir(folder);
await Deno.symlink(\`\${checkout}/data\`, 'data');
const PATH = \`\${checkout}/node_modules/.bin:\${Deno.env.get('PATH')}\`;
async function sh(commands) {
  const { stdout, stderr, success } = await new Deno.Command('bash', { args: ['-euc', commands], env: { PATH } }).output();
  const text = new TextDecoder();
  console.log(text.decode(stdout).trim());
  if (!success) throw new Error(text.decode(stderr));
}
const show = (picture) =>
  Deno.jupyter.display({ 'image/svg+xml': Deno.readTextFileSync(\`pictures/\${picture}\`) }, { raw: true });
`;

/** A template literal. */
const literal = (text) => `\`${text.replaceAll(/[\\`]|\$\{/g, '\\$&')}\``;

function codeOf({ language, file, code }) {
  if (file !== undefined) return `await Deno.writeTextFile('${file}', ${literal(code)});`;
  return language === 'sh' ? `await sh(${literal(code.trim())});` : code.trim();
}

/** Prose and its pictures, which are shown by cells of their own. */
function* cellsOf({ text }) {
  let at = 0;
  for (const { line, name } of picturesOf(text)) {
    const index = text.indexOf(line, at);
    if (text.slice(at, index).trim() !== '') yield markdown(text.slice(at, index));
    yield cell(`await show('${name}')`);
    at = index + line.length;
  }
  if (text.slice(at).trim() !== '') yield markdown(text.slice(at));
}

const lines = (text) => text.trim().match(/.*\n|.+$/g);
/** Links of a page lead where the notebook lies as well. */
const markdown = (text) => ({ cell_type: 'markdown', metadata: {}, source: lines(text) });
const cell = (code) => ({ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: lines(code) });

export function notebookOf(name, page) {
  const [first, ...parts] = partsOf(page);
  const cells = [first, { code: SETUP(name), language: 'js' }, ...parts].flatMap((part) =>
    part.text === undefined ? [cell(codeOf(part))] : [...cellsOf(part)],
  );
  const notebook = {
    cells: cells.map((one, i) => ({ id: `cell-${i}`, ...one })),
    metadata: {
      kernelspec: { display_name: 'Deno', language: 'typescript', name: 'deno' },
      language_info: { file_extension: '.ts', mimetype: 'text/x.typescript', name: 'typescript' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, undefined, 1)}\n`;
}
