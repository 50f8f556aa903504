/** @file What is odd about submissions, with evidence: turned signs, wrong orders, copies, ruined working points. */
import { type CutCounts, passing } from '../../core/cutCounts.js';
import { groupKey } from '../entry/entryName.js';
import { cameBefore, type Timed } from '../entry/receipt.js';
import { type Flag, scoreForm } from '../entry/scoreFlags.js';
import { shortNumber } from '../entry/wording.js';
import { findDuplicates } from './duplicates.js';
import { findOrder, standardised, standardisedRanks } from './jetOrder.js';

/** A submission with its AUC and its jets sorted. */
export interface Suspect extends Timed {
  readonly file: string;
  readonly group: string;
  /** (n,) in the order of the jets */
  readonly scores: Float32Array | Float64Array;
  readonly auc: number;
  readonly cuts: CutCounts;
}

/** What is found. */
export interface Findings {
  /** by file, in the order of the codes' discovery */
  readonly flags: ReadonlyMap<string, readonly Flag[]>;
  /** submissions that are copies, and of which earlier ones, by their index */
  readonly copies: readonly { readonly copy: number; readonly original: number }[];
}

/** An AUC below this is a sign turned round; above one minus this a network has learnt something. */
const TURNED = 0.45;
/** In units of the spread of the AUC of random scores. */
const FAR = 3;

/**
 * Looks at all submissions together. Of two of different groups that are the same the later one is a copy; where no receipt
 * tells which that is, both are flagged. Nothing is changed, and the labels serve only for the AUC, and where no better
 * submission tells the order of the jets.
 *
 * @param labels (n,) 0 or 1; not modified
 * @param signalEfficiencies ε_S at which ties would ruin 1/ε_B
 * @returns the same whatever the order of the submissions
 */
export function inspectEntries(
  suspects: readonly Suspect[],
  labels: ArrayLike<number>,
  signalEfficiencies: readonly number[],
): Findings {
  const flags = new Map<string, Flag[]>();
  const compared = suspects.map((suspect, index) => {
    const form = scoreForm(suspect.scores);
    flags.set(suspect.file, [...signFlags(suspect), ...withTies(form.flags, suspect, signalEfficiencies)]);
    return {
      ...suspect,
      index,
      groupKey: groupKey(suspect.group),
      distinct: form.distinct,
      ranks: standardisedRanks(suspect.scores),
    };
  });
  compared.sort((a, b) => b.auc - a.auc || (a.file < b.file ? -1 : 1));
  for (const [file, flag] of orderFlags(compared, labels)) flags.get(file)?.push(flag);
  const copies: { copy: number; original: number }[] = [];
  const evidence = new Map<string, string>();
  for (const { pair, same, correlation } of findDuplicates(compared)) {
    const [a, b] = pair.map((i) => compared[i]);
    for (const [one, other] of [
      [a, b],
      [b, a],
    ]) {
      if (cameBefore(one, other)) continue;
      if (cameBefore(other, one)) copies.push({ copy: one.index, original: other.index });
      const how =
        same === 'scores'
          ? `the same scores as ${other.file}`
          : `ranks the jets as ${other.file} does${correlation < 0 ? ', turned round' : ''}: correlation ${correlation.toFixed(6)}`;
      const before = evidence.get(one.file);
      evidence.set(one.file, before === undefined ? `of another group: ${how}` : `${before}; ${how}`);
    }
  }
  for (const [file, text] of evidence) flags.get(file)?.push({ code: 'duplicate', evidence: text });
  return { flags, copies };
}

function signFlags({ auc, cuts }: Suspect): Flag[] {
  const spread = Math.sqrt((cuts.jets + 1) / 12 / cuts.signal / cuts.background);
  if (auc >= TURNED || auc > 0.5 - FAR * spread) return [];
  return [
    {
      code: 'flipped',
      evidence: `AUC ${shortNumber(auc)}; with the sign of the scores turned it would be ${shortNumber(1 - auc)}`,
    },
  ];
}

/** Tells what ties do to 1/ε_B, and calls scores rounded where that is more than the statistics would. */
function withTies(form: readonly Flag[], { cuts }: Suspect, signalEfficiencies: readonly number[]): Flag[] {
  const ties = signalEfficiencies.map((signalEfficiency) => {
    const needed = Math.max(1, Math.ceil(signalEfficiency * cuts.signal - 1e-9));
    const cut = cuts.ofSignal.scores[needed - 1];
    const most = passing(cuts.ofBackground, cut);
    const fewest = passing(cuts.ofBackground, cut, true);
    const tied = most - fewest + passing(cuts.ofSignal, cut) - passing(cuts.ofSignal, cut, true);
    const atLeast = shortNumber(cuts.background / Math.max(1, most));
    const atMost = fewest === 0 ? 'no limit' : shortNumber(cuts.background / fewest);
    return {
      ruined: most - fewest > 2 * Math.sqrt(most + 1),
      text: `at ε_S = ${signalEfficiency} ${tied} jets share the score of the cut, 1/ε_B is anything from ${atLeast} to ${atMost}`,
    };
  });
  const worst = ties.filter((tie) => tie.ruined).map((tie) => tie.text);
  if (worst.length === 0) return [...form];
  if (form.some(({ code }) => code === 'rounded'))
    return form.map((flag) =>
      flag.code === 'rounded' ? { ...flag, evidence: [flag.evidence, ...worst].join('; ') } : flag,
    );
  if (form.some(({ code }) => code === 'constant' || code === 'hard-decisions' || code === 'few-distinct-values'))
    return [...form];
  return [...form, { code: 'rounded', evidence: worst.join('; ') }];
}

interface Ordered {
  readonly file: string;
  readonly auc: number;
  readonly distinct: number;
  readonly ranks: Float64Array;
}

/** Compares each submission with the mean of the better ones; the best, and those no better than chance, with the labels. */
function* orderFlags(best: readonly Ordered[], labels: ArrayLike<number>): Generator<[string, Flag]> {
  const sum = new Float64Array(labels.length);
  let sound = 0;
  for (const { file, auc, distinct, ranks } of best) {
    if (distinct > 1) {
      const finding = findOrder(ranks, standardised(sound > 0 ? sum : labels));
      if (finding !== undefined) {
        const { code, correlation, asSent, shift } = finding;
        const how =
          shift === undefined
            ? 'read from the last row to the first'
            : `moved ${Math.abs(shift)} rows ${shift > 0 ? 'up' : 'down'}`;
        const whom =
          sound > 1
            ? `the mean of ${sound} better submissions`
            : sound === 1
              ? 'the one better submission'
              : 'the truth';
        const sign = correlation < 0 ? ', the sign turned as well' : '';
        yield [
          file,
          {
            code,
            evidence: `${how}, the scores would agree with ${whom}: rank correlation ${correlation.toFixed(3)}, ${asSent.toFixed(3)} as sent${sign}`,
          },
        ];
        continue;
      }
    }
    if (auc <= 1 - TURNED) continue;
    for (let i = 0; i < sum.length; i++) sum[i] += ranks[i];
    sound++;
  }
}
