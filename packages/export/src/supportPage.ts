import { OPSET } from './exportModel.js';
import { LAYERS } from './layers/index.js';
import { ACTIVATIONS } from './layers/shared/activations.js';

/** The page of supported layers, as Markdown; `scripts/supportPage.mjs` writes it to `docs`. */
export function supportPage(): string {
  const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ') || '–';
  return [
    '# Layers that `@jetsdk/export` turns into ONNX',
    '',
    `Made from the registry by \`node packages/export/scripts/supportPage.mjs\`; do not edit. Operator set ${OPSET}.`,
    'Any other layer, option or value is refused with an error that names it. Layers may stand in Sequential,',
    'functional and nested models, with several inputs and outputs, branches, and shared by several calls.',
    '',
    ...table(
      ['Layer', 'Supported', 'ONNX operators'],
      LAYERS.map(({ kind, supports, operators }) => [`\`${kind}\``, supports, code(operators)]),
    ),
    '',
    '## Activations',
    '',
    ...table(
      ['Name', 'ONNX operators'],
      Object.entries(ACTIVATIONS).map(([name, { operators }]) => [`\`${name}\``, code(operators)]),
    ),
    '',
  ].join('\n');
}

/** A Markdown table whose columns are as wide as their widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
