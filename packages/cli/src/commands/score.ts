import type { Tagger } from '@jetsdk/infer';
import type { Shard } from '@jetsdk/infer/shards';
import { formatCount, formatCounted, JetError, joinBytes, takeSource } from '@jetsdk/jets';
import type { Command } from 'commander';
import { fileNames } from '../fileNames.js';
import { type LoadFlags, loadModel, withLoadOptions } from '../loading.js';
import {
  CLASS_DATASETS,
  COMPONENTS,
  choice,
  DATASET,
  type JetFlags,
  jetOptions,
  LAYOUT,
  PADDING,
  UNIT,
  written,
} from '../options.js';
import { duration, type Progress, progress, say } from '../terminal.js';

interface ScoreFlags extends LoadFlags, JetFlags {
  readonly output: string;
  readonly shard?: string;
  readonly allOutputs?: boolean;
  readonly part?: 'test';
}

const part = choice<'test'>('test');

/** `jetsdk score` */
export function addScore(command: Command): void {
  command
    .argument('<model>', 'ONNX file, URL, a name from `jetsdk models`, or http(s)://…/v2/models/NAME')
    .argument(
      '<file...>',
      "HDF5, .npy, .npz, ROOT, Parquet or .csv, or a pattern such as 'part-*.h5': one list of jets in this order; constituents go through the recipe",
      fileNames,
    )
    .requiredOption(
      '-o, --output <file.npy>',
      '.npy file to write, (jets,) float32, row i is jet i',
      written('an array of NumPy', '.npy'),
    )
    .option('--all-outputs', 'write the probabilities of all classes, (jets, classes) in the order of the card')
    .option('--part <test>', 'test: of the file that the model was trained on, the jets that took no part in it', part)
    .option('--shard <i/n>', 'score part i of n, i from 0; a finished part is left alone; merge puts them together')
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT);
  withLoadOptions(command).action(async (model: string, files: readonly string[], flags: ScoreFlags) => {
    const shard =
      flags.shard === undefined ? undefined : (await import('@jetsdk/infer/shards')).parseShard(flags.shard);
    if (flags.allOutputs && shard !== undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        'options --all-outputs and --shard: got both; expected one; leave --shard out',
      );
    if (flags.part !== undefined && shard !== undefined)
      throw new JetError('BAD_ARGUMENT', 'options --part and --shard: got both; expected one; leave --shard out');
    await using tagger = await loadModel(model, flags);
    const warning =
      flags.part === undefined && (shard?.index ?? 0) === 0 ? await warnOfTraining(tagger, files) : undefined;
    const started = performance.now();
    const { path, jets, skipped, rows, of = jets } = await score(tagger, files, { ...flags, shard });
    // merge takes those of the first shard
    if ((shard?.index ?? 0) === 0)
      await (await import('../scoreFacts.js')).writeFacts(path, {
        model: tagger.info.name,
        files,
        jets: of,
        ...(flags.allOutputs && tagger.info.card && { classes: tagger.info.card.classes }),
        ...(rows && { rows: Array.from(rows) }),
        ...(warning !== undefined && { warning }),
      });
    if (skipped) return say(`${path}: ${formatCounted(jets, 'score')}, there already`);
    const seconds = (performance.now() - started) / 1000;
    const { runtime, device } = tagger.info;
    say(
      `${path}: ${formatCounted(jets, 'score')} in ${duration(seconds)} (${formatCount(jets / seconds)} jets/s), ${runtime} on ${device}`,
    );
  });
}

/** Says where the jets to score are of a file that the model was trained on. @returns what it says */
async function warnOfTraining({ info: { card } }: Tagger, files: readonly string[]): Promise<string | undefined> {
  const { partText } = await import('../provenance.js');
  const found: string[] = [];
  for (const path of files) {
    const text = await partText(path, card);
    if (text !== undefined) found.push(text);
  }
  for (const text of found) say(`warning: ${text}`);
  return found.length > 0 ? found.join('\n') : undefined;
}

/** What was written. */
interface Written {
  readonly path: string;
  readonly jets: number;
  readonly skipped: boolean;
  /** numbers of the jets that were scored, where it was not all of the files, and how many there are */
  readonly rows?: Uint32Array;
  readonly of?: number;
}

async function score(
  tagger: Tagger,
  files: readonly string[],
  { output, shard, allOutputs, part, ...flags }: Omit<ScoreFlags, 'shard'> & { readonly shard: Shard | undefined },
): Promise<Written> {
  const shards = await import('@jetsdk/infer/shards');
  let bar: Progress | undefined;
  const onProgress = ({ done, total = 0 }: { done: number; total: number | undefined }): void => {
    bar ??= progress('score', total, 'jets');
    bar.update(done);
  };
  try {
    if (shard !== undefined) {
      const { path, start, stop, of, skipped } = await shards.scoreShard(tagger, files, shard, output, {
        onProgress,
        ...jetOptions(flags),
      });
      return { path, jets: stop - start, of, skipped };
    }
    if (allOutputs || part !== undefined) {
      const written = await writeWhole(tagger, files, output, { ...jetOptions(flags), allOutputs, part }, onProgress);
      return { path: output, skipped: false, ...written };
    }
    const data = await shards.describeData(files, jetOptions(flags));
    const jets = shards.jetsOf(data);
    await shards.writeScores(
      output,
      jets,
      shards.scoreFiles(tagger, files, data, { start: 0, stop: jets }, { onProgress }),
    );
    return { path: output, jets, skipped: false };
  } finally {
    bar?.stop();
  }
}

/** Scores the files, or some of their jets, one after the other; what their jets give is held in memory. */
async function writeWhole(
  tagger: Tagger,
  files: readonly string[],
  output: string,
  {
    allOutputs,
    part,
    ...options
  }: JetFlags & { readonly allOutputs: boolean | undefined; readonly part: 'test' | undefined },
  onProgress: (progress: { done: number; total: number | undefined }) => void,
): Promise<Pick<Written, 'jets' | 'rows' | 'of'>> {
  const { openJets, writeFileAtomically } = await import('@jetsdk/jets/files');
  const { npyHeader } = await import('@jetsdk/jets/npy');
  const parts: Uint8Array[] = [];
  const rows: number[] = [];
  let [jets, classes, of] = [0, 0, 0];
  for (const file of files) {
    const source = await openJets(file, options);
    try {
      const chosen =
        part === undefined
          ? undefined
          : await (await import('../provenance.js')).testRows(file, source, tagger.info.card);
      const some = chosen === undefined ? source : takeSource(source, chosen);
      for (const row of chosen ?? []) rows.push(of + row);
      of += source.count;
      const data = allOutputs ? await tagger.probabilities(some, { onProgress }) : undefined;
      const numbers = data?.data ?? (await tagger.score(some, { onProgress }));
      parts.push(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
      jets += some.count;
      classes = data?.shape[1] ?? 0;
    } finally {
      source.close();
    }
  }
  await writeFileAtomically(
    output,
    joinBytes([npyHeader('float32', classes === 0 ? [jets] : [jets, classes]), ...parts]),
  );
  return { jets, ...(part !== undefined && { rows: Uint32Array.from(rows), of }) };
}
