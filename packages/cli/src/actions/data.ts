/** @file What is in files of jets, and jets written as others. */
import { classNames, formatCount, formatCounted, JetError, type JetSource, shortText } from '@jetsdk/jets';
import { describeFile, describeSource, type FileDescription, openAllJets, writeJets } from '@jetsdk/jets/files';
import type { Command } from 'commander';
import { inCommandWords } from '../optionNames.js';
import { type LabelledFlags, labelledOptions } from '../options.js';
import { type Rows, rowsOf } from '../rowsOf.js';
import { print, printJson, progress, say } from '../terminal.js';

export interface InfoFlags extends LabelledFlags {
  readonly json?: true;
}

/**
 * Says what is in some files, and what they are together.
 *
 * @throws {JetError} of the first file whose jets cannot be read, after all were described
 */
export async function describeFiles(
  files: readonly string[],
  { json, ...flags }: InfoFlags,
  command: Command,
): Promise<void> {
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
}

export interface WriteFlags extends LabelledFlags {
  readonly output: string;
  readonly rows?: Rows;
}

/** Writes what is made of the jets of some files. */
export async function writeMade(
  files: readonly string[],
  { output, rows: part, ...flags }: WriteFlags,
  label: string,
  make: (source: JetSource) => Promise<JetSource>,
): Promise<void> {
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
      `  ${name === '' ? 'array' : shortText(name)}  ${dtype} (${shape.join(', ')})${stored === '' ? '' : `  ${stored}`}`,
    );
  }
  for (const { name, rows: count, columns, columnNames, columnTypes } of tables) {
    const shown = columnNames.map((column, i) => shortText(column) + (columnTypes ? ` ${columnTypes[i]}` : ''));
    lines.push(
      `  table ${name === '' ? '' : `${shortText(name)}  `}${formatCounted(count, 'row')}, ${formatCounted(columns, 'column')}: ${shown.join(', ')}`,
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
  const source = await openAllJets(files, labelledOptions(flags));
  try {
    return await describeSource(source);
  } finally {
    source.close();
  }
}
