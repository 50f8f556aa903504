import { classNames, formatCount, formatCounted, JetError, type JetSource } from '@jetsdk/jets';
import type { FileDescription } from '@jetsdk/jets/files';
import type { Command } from 'commander';
import { fileNames } from '../fileNames.js';
import { inCommandWords } from '../optionNames.js';
import {
  CLASS_DATASETS,
  COMPONENTS,
  DATASET,
  LAYOUT,
  type LabelledFlags,
  labelledOptions,
  PADDING,
  recipeOption,
  rows,
  SIGNAL,
  UNIT,
  written,
} from '../options.js';
import type { Rows } from '../rowsOf.js';
import { print, printJson, progress, say } from '../terminal.js';
import { addCache } from './dataCache.js';
import { addPictures } from './dataPictures.js';

const FILES =
  "HDF5, .npy, .npz, ROOT, Parquet or .csv, or a pattern such as 'part-*.h5': one list of jets in this order";

/** `jetsdk data info | convert | images | pictures | cache` */
export function addData(command: Command): void {
  command
    .command('info')
    .description('say what is in an HDF5, .npy, .npz, ROOT, Parquet or .csv file')
    .argument('<file...>', 'of several it also says what they are together', fileNames)
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .option(...SIGNAL)
    .option('--json', 'print JSON')
    .action(async (files: readonly string[], { json, ...flags }: LabelledFlags & { json?: true }, command: Command) => {
      const { describeFile } = await import('@jetsdk/jets/files');
      const descriptions: FileDescription[] = [];
      for (const file of files) {
        const description = await describeFile(file, labelledOptions(flags));
        descriptions.push(description);
        if (!json) print(inCommandWords(describe(description), command));
      }
      if (files.length === 1 && json) printJson(descriptions[0]);
      for (const { path: file, refused } of descriptions)
        if (refused) throw new JetError(refused.code, refused.message, { file });
      if (files.length === 1) return;
      const together = await describeTogether(files, flags);
      if (json) printJson({ files: descriptions, jets: together });
      else print(`${formatCounted(files.length, 'file')}: ${describeJets(together)}`);
    });

  command
    .command('convert')
    .description('write jets in the compact HDF5 layout of Jet SDK')
    .argument('<file...>', FILES, fileNames)
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .option(...SIGNAL)
    .requiredOption('-o, --output <file.h5>', 'HDF5 file to write', written('HDF5', '.h5', '.hdf5'))
    .option('--rows <start:stop>', 'only these jets', rows)
    .action(async (files: readonly string[], options: WriteFlags) => {
      await write(files, options, 'convert', async (source) => source);
    });

  command
    .command('images')
    .description('make images of constituents by a recipe')
    .argument('<file...>', 'constituents, one list of jets in this order', fileNames)
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .option(...SIGNAL)
    .requiredOption('--recipe <name|file.json>', 'how constituents become images', recipeOption)
    .requiredOption('-o, --output <file.h5>', 'HDF5 file to write', written('HDF5', '.h5', '.hdf5'))
    .option('--rows <start:stop>', 'only these jets', rows)
    .action(async (files: readonly string[], options: WriteFlags & { recipe: ReturnType<typeof recipeOption> }) => {
      const { inputSource } = await import('@jetsdk/jets');
      await write(files, options, 'images', (source) => inputSource(source, options.recipe));
    });

  addPictures(command);
  addCache(command);
}

interface WriteFlags extends LabelledFlags {
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
  const { rowsOf } = await import('../rowsOf.js');
  const { openAllJets, writeJets } = await import('@jetsdk/jets/files');
  const all = await openAllJets(files, labelledOptions(flags));
  try {
    const made = await make(rowsOf(all, part));
    const bar = progress(label, made.count, 'jets');
    try {
      await writeJets(output, made, { onProgress: ({ done }) => bar.update(done) });
    } finally {
      bar.stop();
    }
    say(`${output}: ${formatCounted(made.count, 'jet')} of ${made.jetShape.join('×')}`);
  } finally {
    all.close();
  }
}

function describe({ path, format, bytes, arrays, tables, jets, notJets, refused }: FileDescription): string {
  const lines = [`${path}: ${format}, ${formatCounted(bytes, 'byte')}`];
  for (const { name, dtype, shape, chunks, compression = [] } of arrays) {
    const stored = [...(chunks === undefined ? [] : [`chunks ${chunks.join('×')}`]), ...compression].join(', ');
    lines.push(
      `  ${name === '' ? 'array' : name}  ${dtype} (${shape.join(', ')})${stored === '' ? '' : `  ${stored}`}`,
    );
  }
  for (const { name, rows: count, columns, columnNames, columnTypes } of tables) {
    const shown = columnNames.map((column, i) => (columnTypes ? `${column} ${columnTypes[i]}` : column));
    lines.push(
      `  table ${name === '' ? '' : `${name}  `}${formatCounted(count, 'row')}, ${formatCounted(columns, 'column')}: ${shown.join(', ')}`,
    );
  }
  if (refused) lines.push('  its jets cannot be read');
  else if (jets === undefined) lines.push(`  no jets: ${notJets}`);
  else lines.push(`  ${describeJets(jets)}`);
  return lines.join('\n');
}

type JetsDescription = NonNullable<FileDescription['jets']>;

function describeJets({ count, kind, jetShape, labels, notLabels, classes }: JetsDescription): string {
  const found = Object.entries(labels ?? {});
  const names = classes ?? classNames(Math.max(0, ...found.map(([label]) => Number(label) + 1)));
  const counts = found.map(([label, jets]) => `${formatCount(jets)} ${names[Number(label)] ?? 'jets'} (${label})`);
  const told =
    counts.length > 0 ? `: ${counts.join(', ')}` : `, no labels${notLabels === undefined ? '' : `: ${notLabels}`}`;
  return `${formatCounted(count, 'jet')} as ${kind} (${jetShape.join(' × ')})${told}`;
}

/** The jets of several files as one list. @throws {JetError} as `openAllJets` */
async function describeTogether(files: readonly string[], flags: LabelledFlags): Promise<JetsDescription> {
  const { describeSource, openAllJets } = await import('@jetsdk/jets/files');
  const source = await openAllJets(files, labelledOptions(flags));
  try {
    return await describeSource(source);
  } finally {
    source.close();
  }
}
