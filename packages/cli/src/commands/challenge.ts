import type { Command } from 'commander';
import type { CheckFlags, InitFlags, RankFlags, SubmitFlags } from '../actions/challenge.js';
import {
  CLASS_DATASETS,
  COMPONENTS,
  choice,
  DATASET,
  LAYOUT,
  PADDING,
  positive,
  UNIT,
  WrongValue,
  whole,
} from '../options.js';

const actions = () => import('../actions/challenge.js');

/** `jetsdk challenge init | check | submit | rank` */
export function addChallenge(command: Command): void {
  withRules(
    command
      .command('init')
      .description('make a challenge folder of labelled jets: public/ to hand out, secret/ to keep')
      .argument('<data>', 'labelled jets: HDF5, .npz, ROOT or Parquet')
      .requiredOption('-o, --output <folder>', 'new folder')
      .option(...LAYOUT)
      .option(...DATASET)
      .option(...CLASS_DATASETS)
      .option(...PADDING)
      .option(...COMPONENTS)
      .option(...UNIT)
      .option('--name <name>', 'default: that of the folder')
      .option('--title <text>', 'for people; default: the name')
      .option('--public-fraction <share>', 'share of the jets on the public board, default 0.3; 0: one board', fraction)
      .option('--seed <text>', 'for the shuffle; default: 128 random bits. Who guesses it can undo the shuffle')
      .option('--json', 'print challenge.json'),
  ).action(async (data: string, flags: InitFlags) => (await actions()).init(data, flags));

  command
    .command('check')
    .description('say whether a file will be accepted; the public part of the challenge is enough')
    .argument('<file>', '<group>__<network>.npy, .npz or .csv')
    .requiredOption('--challenge <folder>', 'public part of the challenge, or the whole')
    .option('--json', 'print JSON')
    .action(async (file: string, flags: CheckFlags) => (await actions()).check(file, flags));

  command
    .command('submit')
    .description('check a file and put it with a receipt into the folder of submissions')
    .argument('<file>', '<group>__<network>.npy, .npz or .csv')
    .requiredOption('--challenge <folder>', 'the challenge')
    .option('--to <folder>', 'folder of submissions; default: that of the challenge')
    .option('--as <name>', '<group>__<network>, where the file is called otherwise')
    .option('--json', 'print the receipt')
    .action(async (file: string, flags: SubmitFlags) => (await actions()).send(file, flags));

  withRules(
    command
      .command('rank')
      .description('rank a folder of submissions')
      .option('--submissions <folder>', 'files named <group>__<network>; default: those of the challenge')
      .option('--challenge <folder>', 'the whole challenge')
      .option('--labels <file>', 'or labels alone: .npy, .npz or HDF5')
      .option('--label-column <name>', 'column, dataset or array of --labels, where it has several')
      .option('--ids <file>', 'ids for CSV submissions: .npy, HDF5, or text with one a line')
      .option('--board <name>', 'all, public or private; default private', choice('all', 'public', 'private'))
      .option('--ladder <step>', 'only the public board, in steps of AUC that tell nothing away', positive(1))
      .option('--replicas <number>', 'bootstrap replicas, default 1000', whole(1))
      .option('--seed <number>', 'of the bootstrap, default 1', whole(0))
      .option('--json', 'print JSON')
      .option('--report <file.html>', 'also write a page'),
  ).action(async (flags: RankFlags) => (await actions()).rank(flags));
}

function withRules(command: Command): Command {
  return command
    .option('--metric <name>', 'what decides: auc or rejection', choice('auc', 'rejection'))
    .option('--signal-efficiency <number>', 'ε_S of the decisive 1/ε_B, default 0.3', positive(1))
    .option('--limit <number>', 'ranked submissions per group, default 5', whole(1))
    .option('--per-day <number>', 'ranked submissions per group and day (UTC); default: no such limit', whole(1))
    .option('--opens <time>', 'as 2027-01-31 or 2027-01-31T18:00:00Z; earlier submissions are refused')
    .option('--deadline <time>', 'later submissions are flagged; a day counts to its end, UTC');
}

/** A number in [0, 1). */
function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1)) throw new WrongValue(text, 'a number from 0 to below 1');
  return value;
}
