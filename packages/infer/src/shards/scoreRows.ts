/** @file Scores of some jets of files, or of all their classes, as one `.npy` file. */
import { type JetSource, joinBytes, type Progress, takeSource } from '@jetsdk/jets';
import { openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { npyHeader } from '@jetsdk/jets/npy';
import type { ScoreOptions, Tagger } from '../scoring/tagger.js';
import type { ReadingOptions } from './dataFiles.js';

export interface ScoreRowsOptions extends ScoreOptions, ReadingOptions {
  /** the probabilities of all classes, (jets, classes), instead of the signal's; default false */
  readonly allOutputs?: boolean;
  /** jets of a file by their numbers in it, rising; default: all */
  choose?(path: string, source: JetSource): Promise<Uint32Array>;
}

export interface ScoredRows {
  /** how many were scored */
  readonly jets: number;
  /** how many the files have */
  readonly of: number;
  /** their numbers in all files, taken as one list in the order given, where some were chosen */
  readonly rows?: Uint32Array;
}

/**
 * Scores jets of several files and writes (jets,) or (jets, classes) float32. What is scored is held in memory until all is
 * there, and written whole or not at all; `scoreFiles` with `writeScores` hold nothing, but score all jets, and the signal alone.
 *
 * @param output `.npy` file to write
 * @throws {JetError} as `openJets`, `Tagger.score`, `Tagger.probabilities` and `writeFileAtomically`; what `choose` throws
 */
export async function scoreRows(
  tagger: Tagger,
  paths: readonly string[],
  output: string,
  { allOutputs = false, choose, signal, onProgress, onWarning, ...how }: ScoreRowsOptions = {},
): Promise<ScoredRows> {
  const chosen: (Uint32Array | undefined)[] = [];
  let [total, of] = [0, 0];
  const rows: number[] = [];
  for (const path of paths)
    await usingJets(path, how, async (source) => {
      const some = await choose?.(path, source);
      chosen.push(some);
      for (const row of some ?? []) rows.push(of + row);
      total += some?.length ?? source.count;
      of += source.count;
    });
  const parts: Uint8Array[] = [];
  let [jets, classes] = [0, 0];
  for (const [i, path] of paths.entries())
    await usingJets(path, how, async (source) => {
      const some = chosen[i] === undefined ? source : takeSource(source, chosen[i]);
      const options = {
        ...(signal && { signal }),
        ...(onWarning && { onWarning }),
        onProgress: ({ done }: Pick<Progress, 'done'>) => onProgress?.({ done: jets + done, total }),
      };
      const { data, shape } = allOutputs
        ? await tagger.probabilities(some, options)
        : { data: await tagger.score(some, options), shape: [some.count] };
      parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      classes = shape[1] ?? 0;
      jets += some.count;
    });
  const header = npyHeader('float32', allOutputs ? [jets, classes] : [jets]);
  await writeFileAtomically(output, joinBytes([header, ...parts]));
  return { jets, of, ...(choose && { rows: Uint32Array.from(rows) }) };
}

async function usingJets(path: string, how: ReadingOptions, use: (source: JetSource) => Promise<void>): Promise<void> {
  const source = await openJets(path, how);
  try {
    await use(source);
  } finally {
    source.close();
  }
}
