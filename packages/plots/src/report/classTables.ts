/** @file The tables of taggers with more than two classes. */
import { checkFinite } from '../parts/check.js';
import { formatCount, formatShare } from '../parts/formatNumber.js';
import { type Html, html } from './html.js';
import type { AucResult, ClassResult } from './results.js';
import { rejectionCell, table } from './tables.js';

const aucText = ({ auc, stdErr }: AucResult): Html =>
  html`${formatShare(auc)} <span class="muted">± ${formatShare(stdErr)}</span>`;

/**
 * The means of all taggers side by side.
 *
 * @throws {JetError} NOT_FINITE
 */
export function macroTable(results: readonly ClassResult[]): Html {
  const rows = results.map((result) => {
    const { accuracy, balancedAccuracy } = result.confusion;
    const means = [result.macroOneVsRest, result.macroOneVsOne];
    checkFinite('report', `result of ${result.name}`, [
      accuracy.value,
      balancedAccuracy,
      ...means.flatMap(({ auc, stdErr }) => [auc, stdErr]),
    ]);
    return [result.name, ...means.map(aucText), formatShare(accuracy.value), formatShare(balancedAccuracy)];
  });
  return table(
    'Table of taggers',
    ['Tagger', 'AUC against the rest', 'AUC in pairs', 'Accuracy', 'Balanced accuracy'].map((title) => ({ title })),
    rows,
    html`On ${formatCount(results[0].jets)} jets of ${results[0].classes.length} classes. AUCs are means over the classes, or over the pairs of classes, ± the standard error of the mean.`,
  );
}

/** Each class of one tagger against the rest. */
export function classTable(result: ClassResult): Html {
  const size = result.classes.length;
  const rows = result.oneVsRest.map((one) => {
    const share = result.confusion.shares[one.class * (size + 1)];
    return [
      result.classes[one.class],
      formatCount(one.jets),
      aucText(one),
      html`${formatShare(share.value)} <span class="muted">${formatShare(share.interval.low)}–${formatShare(share.interval.high)}</span>`,
    ];
  });
  return table(
    `Classes of ${result.name}`,
    ['Class', 'Jets', 'AUC against the rest', 'Taken for what it is'].map((title) => ({ title })),
    rows,
    html`${result.name}: each class against all others together, ± the standard error, and the share of its jets whose own class has the highest score, with its interval.`,
  );
}

/** Each pair of classes of one tagger. */
export function pairTable(result: ClassResult): Html {
  const efficiencies = [
    ...new Set(result.oneVsOne.flatMap(({ rejection }) => rejection.map((r) => r.signalEfficiency))),
  ].sort((a, b) => a - b);
  const columns = efficiencies.map((at) => ({ title: html`1/ε<sub>B</sub> at ε<sub>S</sub> = ${at}` }));
  const rows = result.oneVsOne.map((pair) => {
    const cells = efficiencies.map((at) => {
      const found = pair.rejection.find((r) => r.signalEfficiency === at);
      return found === undefined ? '–' : rejectionCell(found);
    });
    return [`${result.classes[pair.signal]} against ${result.classes[pair.background]}`, aucText(pair), ...cells];
  });
  return table(
    `Pairs of classes of ${result.name}`,
    [{ title: 'Signal against background' }, { title: 'AUC' }, ...columns],
    rows,
    html`${result.name}: the jets of two classes, scored by p<sub>S</sub> / (p<sub>S</sub> + p<sub>B</sub>). –: no background jet passes.`,
  );
}
