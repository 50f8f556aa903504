import type { Tagger } from '@jetsdk/infer';
import {
  describeData,
  jetsOf,
  parseShard,
  type Shard,
  scoreFiles,
  scoreRows,
  scoreShard,
  writeScores,
} from '@jetsdk/infer/shards';
import { formatCount, formatCounted, JetError } from '@jetsdk/jets';
import { type LoadFlags, loadModel } from '../loading.js';
import { type JetFlags, jetOptions } from '../options.js';
import { partText } from '../provenance.js';
import { writeFacts } from '../scoreFacts.js';
import { duration, type Progress, progress, say } from '../terminal.js';

export interface ScoreFlags extends LoadFlags, JetFlags {
  readonly output: string;
  readonly shard?: string;
  readonly allOutputs?: boolean;
  readonly part?: 'test';
}

/** Scores files of jets, or a shard of them, and writes beside the scores where they come from. */
export async function scoreToFile(model: string, files: readonly string[], flags: ScoreFlags): Promise<void> {
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  if (flags.allOutputs && shard !== undefined)
    throw new JetError('BAD_ARGUMENT', 'options --all-outputs and --shard: got both; expected one; leave --shard out');
  if (flags.part !== undefined && shard !== undefined)
    throw new JetError('BAD_ARGUMENT', 'options --part and --shard: got both; expected one; leave --shard out');
  await using tagger = await loadModel(model, flags);
  const warning =
    flags.part === undefined && (shard?.index ?? 0) === 0 ? await warnOfTraining(tagger, files) : undefined;
  const started = performance.now();
  const { path, jets, skipped, rows, of = jets } = await score(tagger, files, { ...flags, shard });
  // merge takes those of the first shard
  if ((shard?.index ?? 0) === 0)
    await writeFacts(path, {
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
}

/** Says where the jets to score are of a file that the model was trained on. @returns what it says */
async function warnOfTraining({ info: { card } }: Tagger, files: readonly string[]): Promise<string | undefined> {
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
  let bar: Progress | undefined;
  const onProgress = ({ done, total = 0 }: { done: number; total: number | undefined }): void => {
    bar ??= progress('score', total, 'jets');
    bar.update(done);
  };
  try {
    if (shard !== undefined) {
      const { path, start, stop, of, skipped } = await scoreShard(tagger, files, shard, output, {
        onProgress,
        ...jetOptions(flags),
      });
      return { path, jets: stop - start, of, skipped };
    }
    if (allOutputs || part !== undefined) {
      const scored = await scoreRows(tagger, files, output, {
        ...jetOptions(flags),
        onProgress,
        ...(allOutputs && { allOutputs }),
        ...(part && {
          choose: async (path, source) => (await import('@jetsdk/train')).testRows(path, source, tagger.info.card),
        }),
      });
      return { path: output, skipped: false, ...scored };
    }
    const data = await describeData(files, jetOptions(flags));
    const jets = jetsOf(data);
    await writeScores(output, jets, scoreFiles(tagger, files, data, { start: 0, stop: jets }, { onProgress }));
    return { path: output, jets, skipped: false };
  } finally {
    bar?.stop();
  }
}
