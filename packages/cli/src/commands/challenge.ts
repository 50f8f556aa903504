import { basename, join, resolve } from 'node:path';
import type { Rules } from '@jetsdk/eval/challenge';
import type { BoardName, Truth } from '@jetsdk/eval/challenge/files';
import { JetError } from '@jetsdk/jets';
import type { Command } from 'commander';
import { choice, positive, whole } from '../options.js';
import { print, printJson, progress, say } from '../terminal.js';

interface RuleFlags {
  readonly metric?: Rules['metric'];
  readonly signalEfficiency?: number;
  readonly limit?: number;
  readonly perDay?: number;
  readonly opens?: string;
  readonly deadline?: string;
}

interface RankFlags extends RuleFlags {
  readonly submissions?: string;
  readonly challenge?: string;
  readonly labels?: string;
  readonly ids?: string;
  readonly board?: BoardName;
  readonly ladder?: number;
  readonly replicas?: number;
  readonly seed?: number;
  readonly json?: true;
  readonly report?: string;
}

/** `jetsdk challenge init | check | submit | rank` */
export function addChallenge(command: Command): void {
  withRules(
    command
      .command('init')
      .description('make a challenge folder of labelled jets: public/ to hand out, secret/ to keep')
      .argument('<data>', 'labelled jets: HDF5 or .npz')
      .requiredOption('-o, --output <folder>', 'new folder')
      .option('--name <name>', 'default: that of the folder')
      .option('--title <text>', 'for people; default: the name')
      .option('--public-fraction <share>', 'share of the jets on the public board, default 0.3; 0: one board', fraction)
      .option('--seed <text>', 'for the shuffle; default: 128 random bits. Who guesses it can undo the shuffle')
      .option('--json', 'print challenge.json'),
  ).action(
    async (
      data: string,
      flags: RuleFlags & {
        readonly output: string;
        readonly name?: string;
        readonly title?: string;
        readonly publicFraction?: number;
        readonly seed?: string;
        readonly json?: true;
      },
    ) => {
      const { openJets } = await import('@jetsdk/jets/files');
      const { initChallenge } = await import('@jetsdk/eval/challenge/files');
      const source = await openJets(data);
      try {
        const { name, title, publicFraction, seed } = flags;
        const manifest = await initChallenge(flags.output, source, {
          rules: rulesOf(flags),
          ...(name !== undefined && { name }),
          ...(title !== undefined && { title }),
          ...(publicFraction !== undefined && { publicFraction }),
          ...(seed !== undefined && { seed }),
        });
        if (flags.json) printJson(manifest);
        say(`${flags.output}: ${manifest.count} jets; hand out public/, keep secret/ to yourself`);
      } finally {
        source.close();
      }
    },
  );

  command
    .command('check')
    .description('say whether a file will be accepted; the public part of the challenge is enough')
    .argument('<file>', '<group>__<network>.npy, .npz or .csv')
    .requiredOption('--challenge <folder>', 'public part of the challenge, or the whole')
    .option('--json', 'print JSON')
    .action(async (file: string, { challenge: folder, json }: { challenge: string; json?: true }) => {
      const { checkSubmission } = await import('@jetsdk/eval/challenge');
      const { openChallenge, readSubmissionBytes } = await import('@jetsdk/eval/challenge/files');
      const { jets } = openChallenge(folder);
      const checked = checkSubmission(basename(file), readSubmissionBytes(file, jets), jets);
      const { group, network, flags, scores } = checked;
      if (json) printJson({ file: checked.file, accepted: true, group, network, jets: scores.length, flags });
      else print(`${checked.file}: accepted, ${scores.length} scores of group ${group}, network ${network}`);
      for (const { code, evidence } of flags) say(`warning: ${code}: ${evidence}`);
    });

  command
    .command('submit')
    .description('check a file and put it with a receipt into the folder of submissions')
    .argument('<file>', '<group>__<network>.npy, .npz or .csv')
    .requiredOption('--challenge <folder>', 'the challenge')
    .option('--to <folder>', 'folder of submissions; default: that of the challenge')
    .option('--as <name>', '<group>__<network>, where the file is called otherwise')
    .option('--json', 'print the receipt')
    .action(async (file: string, flags: { challenge: string; to?: string; as?: string; json?: true }) => {
      const { openChallenge, receiptKey, SUBMISSIONS_FOLDER, submit } = await import('@jetsdk/eval/challenge/files');
      const open = openChallenge(flags.challenge);
      const { folder, jets, manifest } = open;
      const key = receiptKey(flags.challenge, open);
      if (flags.to === undefined && folder === flags.challenge)
        throw new JetError(
          'BAD_ARGUMENT',
          `${flags.challenge}: only the public part, without a folder of submissions; name one with --to`,
        );
      const to = flags.to ?? join(flags.challenge, SUBMISSIONS_FOLDER);
      const sent = await submit(file, to, jets, manifest.rules, {
        ...(flags.as !== undefined && { as: flags.as }),
        ...(key !== undefined && { key }),
      });
      if (flags.json) printJson(sent.receipt);
      else print(`${sent.receipt.file}: submitted ${sent.receipt.submitted}, SHA-256 ${sent.receipt.sha256}`);
      for (const { code, evidence } of sent.flags) say(`warning: ${code}: ${evidence}`);
    });

  withRules(
    command
      .command('rank')
      .description('rank a folder of submissions')
      .option('--submissions <folder>', 'files named <group>__<network>; default: those of the challenge')
      .option('--challenge <folder>', 'the whole challenge')
      .option('--labels <file>', 'or labels alone: .npy, .npz or HDF5')
      .option('--ids <file>', 'ids for CSV submissions: .npy, HDF5, or text with one a line')
      .option('--board <name>', 'all, public or private; default private', choice('all', 'public', 'private'))
      .option('--ladder <step>', 'only the public board, in steps of AUC that tell nothing away', positive(1))
      .option('--replicas <number>', 'bootstrap replicas, default 1000', whole(1))
      .option('--seed <number>', 'of the bootstrap, default 1', whole(0))
      .option('--json', 'print JSON')
      .option('--report <file.html>', 'also write a page'),
  ).action(rankCommand);
}

async function rankCommand(flags: RankFlags): Promise<void> {
  const { publicBoardOfFolder, rankFolder, SUBMISSIONS_FOLDER } = await import('@jetsdk/eval/challenge/files');
  const { publicBoardText, rankingPage, rankingText } = await import('../ranking.js');
  const truth = truthOf(flags);
  const submissions =
    flags.submissions ?? ('challenge' in truth ? join(truth.challenge, SUBMISSIONS_FOLDER) : undefined);
  if (submissions === undefined)
    throw new JetError('BAD_ARGUMENT', 'rank: 0 folders of submissions; expected --submissions with --labels');
  if (flags.ladder !== undefined) {
    if (!('challenge' in truth) || flags.report !== undefined)
      throw new JetError('BAD_ARGUMENT', 'rank: --ladder; expected with --challenge and without --report');
    const shown = await publicBoardOfFolder(submissions, truth.challenge, flags.ladder);
    if (flags.json) printJson(shown);
    else print(publicBoardText(shown));
    return;
  }
  const { board, replicas, seed } = flags;
  const bar = progress('bootstrap', replicas ?? 1000, 'replicas');
  let ranked: Awaited<ReturnType<typeof rankFolder>>;
  try {
    ranked = await rankFolder(submissions, truth, {
      rules: rulesOf(flags),
      onProgress: ({ done }) => bar.update(done),
      ...(board !== undefined && { board }),
      ...(replicas !== undefined && { replicas }),
      ...(seed !== undefined && { seed }),
    });
  } finally {
    bar.stop();
  }
  if (flags.report !== undefined) {
    const { writeFileAtomically } = await import('@jetsdk/jets/files');
    await writeFileAtomically(flags.report, rankingPage(ranked, `Ranking of ${basename(resolve(submissions))}`));
    say(`report: ${flags.report}`);
  }
  if (flags.json) printJson(ranked);
  else print(rankingText(ranked));
}

function truthOf({ challenge, labels, ids }: RankFlags): Truth {
  if (challenge !== undefined && labels === undefined && ids === undefined) return { challenge };
  if (challenge === undefined && labels !== undefined) return { labels, ...(ids !== undefined && { ids }) };
  throw new JetError(
    'BAD_ARGUMENT',
    'rank: expected either --challenge FOLDER, or --labels FILE and perhaps --ids FILE',
  );
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

function rulesOf({ metric, signalEfficiency, limit, perDay, opens, deadline }: RuleFlags): Partial<Rules> {
  return {
    ...(metric !== undefined && { metric }),
    ...(signalEfficiency !== undefined && { signalEfficiency }),
    ...(limit !== undefined && { limitPerGroup: limit }),
    ...(perDay !== undefined && { perDay }),
    ...(opens !== undefined && { opens }),
    ...(deadline !== undefined && { deadline }),
  };
}

/** A number in [0, 1). */
function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1))
    throw new JetError('BAD_ARGUMENT', `option: got ${text}; expected a number from 0 to below 1`);
  return value;
}
