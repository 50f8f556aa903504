import { JetError, type JetSource } from '@jetsdk/jets';
import type { FileDescription } from '@jetsdk/jets/files';
import type { Command } from 'commander';
import { CLASS_DATASETS, DATASET, type JetFlags, jetOptions, LAYOUT, PADDING, recipeOption, rows } from '../options.js';
import type { Rows } from '../rowsOf.js';
import { print, printJson, progress, say } from '../terminal.js';
import { addCache } from './dataCache.js';
import { addPictures } from './dataPictures.js';

/** `jetsdk data info | convert | images | pictures | cache` */
export function addData(command: Command): void {
  command
    .command('info')
    .description('say what is in an HDF5, .npy, .npz, ROOT or Parquet file')
    .argument('<file>')
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .option('--json', 'print JSON')
    .action(async (file: string, { json, ...flags }: JetFlags & { json?: true }) => {
      const { describeFile } = await import('@jetsdk/jets/files');
      const description = await describeFile(file, jetOptions(flags));
      if (json) printJson(description);
      else print(describe(description));
      if (description.refused) throw new JetError(description.refused.code, description.refused.message, { file });
    });

  command
    .command('convert')
    .description('write jets in the compact HDF5 layout of Jet SDK')
    .argument('<file...>', 'HDF5, .npy, .npz, ROOT or Parquet, one list of jets in this order')
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .requiredOption('-o, --output <file>', 'HDF5 file to write')
    .option('--rows <start:stop>', 'only these jets', rows)
    .action(async (files: readonly string[], options: WriteFlags) => {
      await write(files, options, 'convert', async (source) => source);
    });

  command
    .command('images')
    .description('make images of constituents by a recipe')
    .argument('<file...>', 'constituents, one list of jets in this order')
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .requiredOption('--recipe <name|file.json>', 'how constituents become images', recipeOption)
    .requiredOption('-o, --output <file>', 'HDF5 file to write')
    .option('--rows <start:stop>', 'only these jets', rows)
    .action(async (files: readonly string[], options: WriteFlags & { recipe: ReturnType<typeof recipeOption> }) => {
      const { inputSource } = await import('@jetsdk/jets');
      await write(files, options, 'images', (source) => inputSource(source, options.recipe));
    });

  addPictures(command);
  addCache(command);
}

interface WriteFlags extends JetFlags {
  readonly output: string;
  readonly rows?: Rows;
}

/** Writes what is made of the jets of some files. */
async function write(
  files: readonly string[],
  { output, rows: part, ...flags }: WriteFlags,
  label: string,
  make: (source: JetSource) => Promise<JetSource>,
): Promise<void> {
  const { concatSources } = await import('@jetsdk/jets');
  const { rowsOf } = await import('../rowsOf.js');
  const { openJets, writeJets } = await import('@jetsdk/jets/files');
  const opened: JetSource[] = [];
  try {
    for (const file of files) opened.push(await openJets(file, jetOptions(flags)));
    const all = opened.length === 1 ? opened[0] : await concatSources(opened);
    const made = await make(rowsOf(all, part));
    const bar = progress(label, made.count, 'jets');
    try {
      await writeJets(output, made, { onProgress: ({ done }) => bar.update(done) });
    } finally {
      bar.stop();
    }
    say(`${output}: ${made.count} jets of ${made.jetShape.join('×')}`);
  } finally {
    for (const source of opened) source.close();
  }
}

function describe({ path, format, bytes, arrays, tables, jets, notJets, refused }: FileDescription): string {
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
  if (refused) lines.push('  its jets cannot be read');
  else if (jets === undefined) lines.push(`  no jets: ${notJets}`);
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
