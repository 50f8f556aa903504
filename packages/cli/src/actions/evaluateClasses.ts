/** @file Metrics of score files with a column per class, as text, JSON or a report. */
import { basename } from 'node:path';
import { type ClassScores, multiClass, pairedMultiClass } from '@jetsdk/eval';
import { formatCounted, JetError, SDK_VERSION } from '@jetsdk/jets';
import { readClasses, writeFileAtomically } from '@jetsdk/jets/files';
import { report, type TaggerComparison } from '@jetsdk/plots';
import { classText, curvesAgainstRest } from '../classFigures.js';
import { readEach } from '../perJet.js';
import { requireScorePictures } from '../scoreAxis.js';
import { ofScored, type SharedFacts } from '../scoreFacts.js';
import { print, printJson, say } from '../terminal.js';
import { type EvalFlags, inColumn, layoutOf } from './evalFlags.js';

/** Scores (n, k) of one tagger; row i is jet i. */
export interface NamedClassScores {
  readonly name: string;
  readonly scores: ClassScores;
}

/** @param named the classes of the file of labels, where it names any */
export async function evaluateClasses(
  flags: EvalFlags,
  taggers: readonly NamedClassScores[],
  weights: ArrayLike<number> | undefined,
  facts: SharedFacts,
  named: readonly string[] | undefined,
): Promise<void> {
  if (flags.mass !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      'eval: --mass with scores of several classes; leave it out: it is for two classes',
    );
  requireScorePictures('eval', flags.scoreAxis, taggers[0].scores.shape[1]);
  const all = await readEach(flags.labels, (path) =>
    inColumn('label-column', flags.labelColumn, (column) => readClasses(path, { ...column, ...layoutOf(flags) })),
  );
  const labels = ofScored(all, facts);
  // of a layout of two classes, where the labels are of more, the names say nothing
  const ofTables = taggers.every(({ scores }) => scores.shape[1] === named?.length) ? named : undefined;
  const options = { weights, classes: flags.classes ?? facts.classes ?? ofTables };
  const results = taggers.map(({ name, scores }) =>
    multiClass(labels, scores, {
      ...options,
      name,
      signalEfficiencies: flags.signalEfficiency,
      estimator: flags.estimator,
    }),
  );
  const comparisons = taggers.flatMap((a, i) =>
    taggers
      .slice(i + 1)
      .map(
        (b): TaggerComparison => ({ a: a.name, b: b.name, ...pairedMultiClass(labels, a.scores, b.scores, options) }),
      ),
  );
  if (flags.report !== undefined) {
    const page = report({
      title: taggers.map(({ name }) => name).join(', '),
      summary: `${formatCounted(labels.length, 'jet')} of ${formatCounted(results[0].classes.length, 'class', 'classes')} of ${flags.labels.map((path) => basename(path)).join(', ')}.`,
      classResults: results,
      comparisons,
      warnings: facts.warnings.map(({ message }) => ({ code: 'trained-on-these-jets', message })),
      curves: curvesAgainstRest(labels, taggers[0].scores, results[0], weights),
      facts: [
        { label: 'Labels', value: flags.labels.join(', ') },
        ...flags.scores.map((value) => ({ label: 'Scores', value })),
        { label: 'Curves', value: `${taggers[0].name}, each class against the rest` },
        { label: 'Estimator of 1/ε_B', value: flags.estimator },
        { label: 'Jet SDK', value: SDK_VERSION },
      ],
    });
    await writeFileAtomically(flags.report, page);
    say(`report: ${flags.report}`);
  }
  if (flags.json) printJson({ results, comparisons });
  else print(classText(results, comparisons));
  for (const { scores, message } of facts.warnings) say(`warning: ${scores}: ${message}`);
}
