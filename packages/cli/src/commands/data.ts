import type { FileDescription } from '@jetsdk/jets/files';
import type { Command } from 'commander';
import { LAYOUT, type Layout, layoutOf, recipeOption, rows } from '../options.js';
import { print, printJson, progress, say } from '../terminal.js';
import { addPictures } from './dataPictures.js';

/** `jetsdk data info | convert | images | pictures` */
export function addData(command: Command): void {
  command
    .command('info')
    .description('say what is in an HDF5, .npy, .npz, ROOT or Parquet file')
    .argument('<file>')
    .option(...LAYOUT)
    .option('--json', 'print JSON')
    .action(async (file: string, { layout, json }: { layout?: Layout; json?: true }) => {
      const { describeFile } = await import('@jetsdk/jets/files');
      const description = await describeFile(file, layoutOf(layout));
      if (json) printJson(description);
      else print(describe(description));
    });

  command
    .command('convert')
    .description('write jets in the compact HDF5 layout of Jet SDK')
    .argument('<file>', 'HDF5, .npy, .npz, ROOT or Parquet')
    .option(...LAYOUT)
    .requiredOption('-o, --output <file>', 'HDF5 file to write')
    .option('--rows <start:stop>', 'only these jets', rows)
    .action(async (file: string, options: { layout?: Layout; output: string; rows?: ReturnType<typeof rows> }) => {
      const { openJets } = await import('@jetsdk/jets/files');
      const { writeJets } = await import('@jetsdk/jets/files');
      const { rowsOf } = await import('../rowsOf.js');
      const source = await openJets(file, layoutOf(options.layout));
      try {
        const part = rowsOf(source, options.rows);
        await writeJets(options.output, part);
        say(`${options.output}: ${part.count} jets`);
      } finally {
        source.close();
      }
    });

  command
    .command('images')
    .description('make images of constituents by a recipe')
    .argument('<file>', 'constituents')
    .option(...LAYOUT)
    .requiredOption('--recipe <name|file.json>', 'how constituents become images', recipeOption)
    .requiredOption('-o, --output <file>', 'HDF5 file to write')
    .option('--rows <start:stop>', 'only these jets', rows)
    .action(
      async (
        file: string,
        options: {
          layout?: Layout;
          recipe: ReturnType<typeof recipeOption>;
          output: string;
          rows?: ReturnType<typeof rows>;
        },
      ) => {
        const { openJets, writeJets } = await import('@jetsdk/jets/files');
        const { readInputs } = await import('@jetsdk/jets');
        const { rowsOf } = await import('../rowsOf.js');
        const source = await openJets(file, layoutOf(options.layout));
        try {
          const part = rowsOf(source, options.rows);
          const bar = progress('images', part.count, 'jets');
          const images = await readInputs(part, options.recipe, { onProgress: ({ done }) => bar.update(done) }).finally(
            () => bar.stop(),
          );
          await writeJets(options.output, images, await part.labels());
          say(`${options.output}: ${images.shape.join('×')}`);
        } finally {
          source.close();
        }
      },
    );

  addPictures(command);
}

function describe({ path, format, bytes, arrays, tables, jets, notJets }: FileDescription): string {
  const lines = [`${path}: ${format}, ${bytes.toLocaleString('en')} bytes`];
  for (const { name, dtype, shape, chunks, compression = [] } of arrays) {
    const stored = [...(chunks === undefined ? [] : [`chunks ${chunks.join('×')}`]), ...compression].join(', ');
    lines.push(
      `  ${name === '' ? 'array' : name}  ${dtype} (${shape.join(', ')})${stored === '' ? '' : `  ${stored}`}`,
    );
  }
  for (const { name, rows: count, columns, columnNames, columnTypes } of tables) {
    const shown = columnNames.map((column, i) => (columnTypes ? `${column} ${columnTypes[i]}` : column));
    lines.push(`  table ${name === '' ? '' : `${name}  `}${count} rows, ${columns} columns: ${shown.join(', ')}`);
  }
  if (jets === undefined) lines.push(`  no jets: ${notJets}`);
  else {
    const labels = Object.entries(jets.labels ?? {}).map(
      ([label, count]) =>
        `${count} ${jets.classes?.[Number(label)] ?? (label === '1' ? 'signal' : 'background')} (${label})`,
    );
    lines.push(
      `  ${jets.count} jets as ${jets.kind} (${jets.jetShape.join(' × ')})${labels.length > 0 ? `: ${labels.join(', ')}` : `, no labels${jets.notLabels === undefined ? '' : `: ${jets.notLabels}`}`}`,
    );
  }
  return lines.join('\n');
}
