/** @file A ranking for a terminal and as a page. */
import {
  drawnEntry,
  type Leaderboard,
  type LeaderboardRow,
  type PublicBoard,
  type Rejected,
} from '@jetsdk/eval/challenge';
import { formatCount, formatCounted, SDK_VERSION } from '@jetsdk/jets';
import { formatJets, report } from '@jetsdk/plots';
import { table } from './terminal.js';

const percent = (share: number): string => `${Math.round(100 * share)}%`;

/** Text of a stranger on one line, without control characters that a terminal would obey. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');

const places = ({ rankInterval: { low, high } }: LeaderboardRow): string =>
  low === high ? `${low}` : `${low}–${high}`;

/** A leaderboard for a terminal: places by AUC and by 1/ε_B side by side, then what is odd, then what was rejected. */
export function rankingText({ leaderboard, rejected, rules, jets, signal, background }: Leaderboard): string {
  const { signalEfficiency, metric } = rules;
  const lines = leaderboard.map((row) => [
    String(row.rank),
    plain(row.group),
    plain(row.network),
    `${row.auc.toFixed(4)} ± ${row.aucStdErr.toFixed(4)}`,
    String(row.aucRank),
    rejectionText(row, signalEfficiency),
    String(row.rejectionRank),
    places(row),
    percent(row.firstProbability),
    `${row.tieGroup68} / ${row.tieGroup95}`,
    row.flags.map(({ code }) => code).join(', '),
  ]);
  const head = [
    'rank',
    'group',
    'network',
    'AUC',
    'by AUC',
    `1/ε_B at ε_S=${signalEfficiency}`,
    'by 1/ε_B',
    'places (95%)',
    'first',
    'tied at 68 / 95%',
    'flags',
  ];
  return [
    `${formatCounted(jets, 'jet')}, ${formatCount(signal)} signal, ${formatCount(background)} background; ranked by ${metric === 'auc' ? 'AUC' : `1/ε_B at ε_S = ${signalEfficiency}`}`,
    '',
    table(head, lines),
    ...flagLines(leaderboard),
    ...rejectedLines(rejected),
  ].join('\n');
}

/** A public board for a terminal. */
export function publicBoardText({ leaderboard, ladderStep, rejected }: PublicBoard): string {
  const lines = leaderboard.map(({ rank, group, submissions, auc }) => [
    String(rank),
    plain(group),
    String(submissions),
    String(auc),
  ]);
  return [
    table(['rank', 'group', 'submissions', `AUC in steps of ${ladderStep}`], lines),
    ...rejectedLines(rejected),
  ].join('\n');
}

function rejectionText({ rejection, rejectionLimits = [] }: LeaderboardRow, signalEfficiency: number): string {
  const found = rejection.find((one) => one.signalEfficiency === signalEfficiency);
  if (found === undefined) {
    const limit = rejectionLimits.find((one) => one.signalEfficiency === signalEfficiency);
    return limit === undefined ? '–' : `> ${limit.lowerBound.toFixed(0)} (${percent(limit.level)})`;
  }
  const digits = found.rejection < 100 ? 1 : 0;
  return `${found.rejection.toFixed(digits)} [${found.interval.low.toFixed(digits)}, ${found.interval.high.toFixed(digits)}]`;
}

function flagLines(rows: readonly LeaderboardRow[]): string[] {
  const lines = rows.flatMap(({ file, flags }) =>
    flags.map(({ code, evidence }) => `  ${plain(file)}: ${code}: ${plain(evidence)}`),
  );
  return lines.length === 0 ? [] : ['', 'flags:', ...lines];
}

function rejectedLines(rejected: readonly Rejected[]): string[] {
  return rejected.length === 0 ? [] : ['', 'rejected:', ...rejected.map(({ reason }) => `  ${plain(reason)}`)];
}

/** Where a place is not the whole story. */
function remarks(row: LeaderboardRow): string[] {
  const { rank, aucRank, rejectionRank, rankInterval } = row;
  return [
    ...(aucRank === rank ? [] : [`${aucRank} by AUC`]),
    ...(rejectionRank === rank ? [] : [`${rejectionRank} by 1/ε_{B}`]),
    ...(rankInterval.low === rankInterval.high ? [] : [`places ${places(row)}`]),
  ];
}

/** 2027-01-31 23:59:59 */
const inWords = (time: string | undefined): string => time?.replace('T', ' ').replace(/(\.\d+)?Z$/, '') ?? '–';

/** A leaderboard as one HTML file. */
export function rankingPage({ leaderboard, rejected, rules, ...board }: Leaderboard, title: string): string {
  const { jets, signal, background, bootstrap } = board;
  const nameOf = ({ group, network }: LeaderboardRow): string =>
    plain(group === network ? group : `${group} / ${network}`);
  const results = leaderboard.map((row) => ({
    ...row,
    name: nameOf(row),
    jets,
    signal,
    background,
    warnings: row.flags.map(({ code, evidence }) => ({ code, message: plain(evidence) })),
  }));
  const best = leaderboard.filter(({ bestOfGroup }) => bestOfGroup);
  const rows = best.map((row) => ({ ...drawnEntry(row, rules, remarks(row)), name: nameOf(row) }));
  const metric = rules.metric === 'auc' ? 'AUC' : `1/ε_{B} at ε_{S} = ${rules.signalEfficiency}`;
  return report({
    title,
    summary: `The best of ${formatCounted(leaderboard.length, 'entry', 'entries')} by each of ${best.length} groups on ${formatJets(jets)}, ranked by ${metric}; ${rejected.length} rejected.`,
    results,
    ...(rows.length > 0 && {
      leaderboard: { rows, options: { metric, ...(rules.metric === 'rejection' && { decimals: 1 }) } },
    }),
    tables: [
      {
        heading: 'When they came',
        head: ['Entry', 'Place', 'Sent (UTC)', 'File'],
        rows: leaderboard.map((row) => [nameOf(row), String(row.rank), inWords(row.submitted), plain(row.file)]),
        note: 'Times are those of the receipts, without one those of the files.',
      },
    ],
    warnings: rejected.map(({ reason }) => ({ code: 'rejected', message: plain(reason) })),
    facts: [
      { label: 'Metric', value: metric },
      {
        label: 'Places',
        value: `95 % of ${formatCount(bootstrap.replicas)} bootstrap replicas, seed ${bootstrap.seed}`,
      },
      { label: 'Entries per group', value: `at most ${rules.limitPerGroup}` },
      { label: 'Equal values', value: 'the earlier submission is ahead' },
      { label: 'Jet SDK', value: SDK_VERSION },
    ],
  });
}
