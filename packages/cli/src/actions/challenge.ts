/** @file What `jetsdk challenge` does. */
import { basename, join, resolve } from 'node:path';
import { checkSubmission, type Rules } from '@jetsdk/eval/challenge';
import {
  type BoardName,
  initChallenge,
  openChallenge,
  publicBoardOfFolder,
  rankFolder,
  readSubmissionBytes,
  receiptKey,
  SUBMISSIONS_FOLDER,
  submit,
  type Truth,
} from '@jetsdk/eval/challenge/files';
import { formatCounted, JetError } from '@jetsdk/jets';
import { openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { withOptionNames } from '../optionNames.js';
import { type JetFlags, jetOptions } from '../options.js';
import { publicBoardText, rankingPage, rankingText } from '../ranking.js';
import { print, printJson, progress, say } from '../terminal.js';

interface RuleFlags {
  readonly metric?: Rules['metric'];
  readonly signalEfficiency?: number;
  readonly limit?: number;
  readonly perDay?: number;
  readonly opens?: string;
  readonly deadline?: string;
}

export interface InitFlags extends RuleFlags, JetFlags {
  readonly output: string;
  readonly name?: string;
  readonly title?: string;
  readonly publicFraction?: number;
  readonly seed?: string;
  readonly json?: true;
}

export interface CheckFlags {
  readonly challenge: string;
  readonly json?: true;
}

export interface SubmitFlags extends CheckFlags {
  readonly to?: string;
  readonly as?: string;
}

export interface RankFlags extends RuleFlags {
  readonly submissions?: string;
  readonly challenge?: string;
  readonly labels?: string;
  readonly labelColumn?: string;
  readonly ids?: string;
  readonly board?: BoardName;
  readonly ladder?: number;
  readonly replicas?: number;
  readonly seed?: number;
  readonly json?: true;
  readonly report?: string;
}

/** Makes a challenge folder of labelled jets. */
export async function init(data: string, flags: InitFlags): Promise<void> {
  const source = await openJets(data, jetOptions(flags));
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
    say(`${flags.output}: ${formatCounted(manifest.count, 'jet')}; hand out public/, keep secret/ to yourself`);
  } finally {
    source.close();
  }
}

/** Says whether a file will be accepted. */
export function check(file: string, { challenge: folder, json }: CheckFlags): void {
  const { jets } = openChallenge(folder);
  const checked = checkSubmission(basename(file), readSubmissionBytes(file, jets), jets);
  const { group, network, flags, scores } = checked;
  if (json) printJson({ file: checked.file, accepted: true, group, network, jets: scores.length, flags });
  else
    print(`${checked.file}: accepted, ${formatCounted(scores.length, 'score')} of group ${group}, network ${network}`);
  if (!checked.file.includes('__'))
    say(
      `warning: ${checked.file}: no group in its name, so that it is of a group ${group} of its own; call it <group>__${checked.file} to send it for another`,
    );
  for (const { code, evidence } of flags) say(`warning: ${code}: ${evidence}`);
}

/** Puts a file with a receipt into the folder of submissions. */
export async function send(file: string, flags: SubmitFlags): Promise<void> {
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
}

/** What a board is called. */
const BOARDS: Readonly<Record<BoardName, string>> = {
  all: 'ranking on all jets',
  public: 'public board',
  private: 'private board',
};

/** Ranks a folder of submissions. */
export async function rank(flags: RankFlags): Promise<void> {
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
    ranked = await withOptionNames({ column: '--label-column' }, () =>
      rankFolder(submissions, truth, {
        rules: rulesOf(flags),
        onProgress: ({ done }) => bar.update(done),
        ...(board !== undefined && { board }),
        ...(replicas !== undefined && { replicas }),
        ...(seed !== undefined && { seed }),
      }),
    );
  } finally {
    bar.stop();
  }
  if (flags.report !== undefined) {
    const title = 'challenge' in truth ? openChallenge(truth.challenge).manifest.title : basename(resolve(submissions));
    await writeFileAtomically(flags.report, rankingPage(ranked, `${title}: ${BOARDS[ranked.board]}`));
    say(`report: ${flags.report}`);
  }
  if (flags.json) printJson(ranked);
  else print(rankingText(ranked));
}

function truthOf({ challenge, labels, labelColumn, ids }: RankFlags): Truth {
  if (challenge !== undefined && [labels, labelColumn, ids].every((one) => one === undefined)) return { challenge };
  if (challenge === undefined && labels !== undefined)
    return { labels, ...(labelColumn !== undefined && { labelColumn }), ...(ids !== undefined && { ids }) };
  throw new JetError(
    'BAD_ARGUMENT',
    'rank: expected either --challenge FOLDER, or --labels FILE and perhaps --ids FILE',
  );
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
