import type { Tagger } from '@jetsdk/infer';
import type { Shard } from '@jetsdk/infer/shards';
import { counted, JetError, joinBytes } from '@jetsdk/jets';
import type { Command } from 'commander';
import { fileNames } from '../fileNames.js';
import { type LoadFlags, loadModel, withLoadOptions } from '../loading.js';
import { CLASS_DATASETS, DATASET, type JetFlags, jetOptions, LAYOUT, PADDING } from '../options.js';
import { duration, type Progress, progress, say } from '../terminal.js';

interface ScoreFlags extends LoadFlags, JetFlags {
  readonly output: string;
  readonly shard?: string;
  readonly allOutputs?: boolean;
}

/** `jetsdk score` */
export function addScore(command: Command): void {
  command
    .argument('<model>', 'ONNX file, URL, a name from `jetsdk models`, or http(s)://…/v2/models/NAME')
    .argument(
      '<file...>',
      "HDF5, .npy, .npz, ROOT or Parquet, or a pattern such as 'part-*.h5': one list of jets in this order; constituents go through the recipe",
      fileNames,
    )
    .requiredOption('-o, --output <file>', '.npy file to write, (jets,) float32, row i is jet i')
    .option('--all-outputs', 'write the probabilities of all classes, (jets, classes) in the order of the card')
    .option('--shard <i/n>', 'score part i of n, i from 0; a finished part is left alone; merge puts them together')
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING);
  withLoadOptions(command).action(async (model: string, files: readonly string[], flags: ScoreFlags) => {
    const shard =
      flags.shard === undefined ? undefined : (await import('@jetsdk/infer/shards')).parseShard(flags.shard);
    if (flags.allOutputs && shard !== undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        'options --all-outputs and --shard: got both; expected one; leave --shard out',
      );
    await using tagger = await loadModel(model, flags);
    if (shard === undefined || shard.index === 0) await warnOfTraining(tagger, files);
    const started = performance.now();
    const { path, jets, skipped } = await score(tagger, files, { ...flags, shard });
    if (skipped) return say(`${path}: ${counted(jets, 'score')}, there already`);
    const seconds = (performance.now() - started) / 1000;
    const { runtime, device } = tagger.info;
    say(
      `${path}: ${counted(jets, 'score')} in ${duration(seconds)} (${Math.round(jets / seconds)} jets/s), ${runtime} on ${device}`,
    );
  });
}

/** Says where the jets to score are of the file that the model was trained on. */
async function warnOfTraining({ info: { card } }: Tagger, files: readonly string[]): Promise<void> {
  const { datasetHash, files: datasetFiles = [], split, trainJets = 0, validationJets = 0 } = card?.training ?? {};
  const trained = [datasetHash, ...datasetFiles.map(({ hash }) => hash)];
  if (trained.every((hash) => hash === undefined)) return;
  const { fileHash } = await import('@jetsdk/jets/files');
  for (const path of files)
    if (trained.includes(await fileHash(path)))
      say(
        `warning: ${path}: jets of this file took part in the training of the model (${trainJets} to learn from${split === undefined ? '' : `, ${validationJets} to choose the epoch`}); figures on it are too good; judge it by other jets`,
      );
}

async function score(
  tagger: Tagger,
  files: readonly string[],
  { output, shard, allOutputs, ...flags }: Omit<ScoreFlags, 'shard'> & { readonly shard: Shard | undefined },
): Promise<{ path: string; jets: number; skipped: boolean }> {
  const shards = await import('@jetsdk/infer/shards');
  let bar: Progress | undefined;
  const onProgress = ({ done, total = 0 }: { done: number; total: number | undefined }): void => {
    bar ??= progress('score', total, 'jets');
    bar.update(done);
  };
  try {
    if (shard !== undefined) {
      const { path, start, stop, skipped } = await shards.scoreShard(tagger, files, shard, output, {
        onProgress,
        ...jetOptions(flags),
      });
      return { path, jets: stop - start, skipped };
    }
    if (allOutputs) {
      const jets = await writeProbabilities(tagger, files, output, jetOptions(flags), onProgress);
      return { path: output, jets, skipped: false };
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

/** Scores the files one after the other; what their jets give is held in memory. */
async function writeProbabilities(
  tagger: Tagger,
  files: readonly string[],
  output: string,
  options: JetFlags,
  onProgress: (progress: { done: number; total: number | undefined }) => void,
): Promise<number> {
  const { openJets, writeFileAtomically } = await import('@jetsdk/jets/files');
  const { npyHeader } = await import('@jetsdk/jets/npy');
  const parts: Uint8Array[] = [];
  let jets = 0;
  let classes = 0;
  for (const file of files) {
    const source = await openJets(file, options);
    try {
      const { shape, data } = await tagger.probabilities(source, { onProgress });
      parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      jets += shape[0];
      classes = shape[1];
    } finally {
      source.close();
    }
  }
  await writeFileAtomically(output, joinBytes([npyHeader('float32', [jets, classes]), ...parts]));
  return jets;
}
