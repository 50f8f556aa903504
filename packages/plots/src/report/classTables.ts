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
    return html`<tr><th scope="row">${result.name}</th>${means.map((mean) => html`<td>${aucText(mean)}</td>`)}<td>${formatShare(accuracy.value)}</td><td>${formatShare(balancedAccuracy)}</td></tr>`;
  });
  return table(
    'Table of taggers',
    html`<th scope="col">Tagger</th><th scope="col">AUC against the rest</th><th scope="col">AUC in pairs</th><th scope="col">Accuracy</th><th scope="col">Balanced accuracy</th>`,
    rows,
    html`On ${formatCount(results[0].jets)} jets of ${results[0].classes.length} classes. AUCs are means over the classes, or over the pairs of classes, ± the standard error of the mean.`,
  );
}

/** Each class of one tagger against the rest. */
export function classTable(result: ClassResult): Html {
  const size = result.classes.length;
  const rows = result.oneVsRest.map((one) => {
    const share = result.confusion.shares[one.class * (size + 1)];
    return html`<tr><th scope="row">${result.classes[one.class]}</th><td>${formatCount(one.jets)}</td><td>${aucText(one)}</td><td>${formatShare(share.value)} <span class="muted">${formatShare(share.interval.low)}–${formatShare(share.interval.high)}</span></td></tr>`;
  });
  return table(
    `Classes of ${result.name}`,
    html`<th scope="col">Class</th><th scope="col">Jets</th><th scope="col">AUC against the rest</th><th scope="col">Taken for what it is</th>`,
    rows,
    html`${result.name}: each class against all others together, ± the standard error, and the share of its jets whose own class has the highest score, with its interval.`,
  );
}

/** Each pair of classes of one tagger. */
export function pairTable(result: ClassResult): Html {
  const efficiencies = [
    ...new Set(result.oneVsOne.flatMap(({ rejection }) => rejection.map((r) => r.signalEfficiency))),
  ].sort((a, b) => a - b);
  const head = efficiencies.map((at) => html`<th scope="col">1/ε<sub>B</sub> at ε<sub>S</sub> = ${at}</th>`);
  const rows = result.oneVsOne.map((pair) => {
    const cells = efficiencies.map((at) => {
      const found = pair.rejection.find((r) => r.signalEfficiency === at);
      return html`<td>${found === undefined ? '–' : rejectionCell(found)}</td>`;
    });
    return html`<tr><th scope="row">${result.classes[pair.signal]} against ${result.classes[pair.background]}</th><td>${aucText(pair)}</td>${cells}</tr>`;
  });
  return table(
    `Pairs of classes of ${result.name}`,
    html`<th scope="col">Signal against background</th><th scope="col">AUC</th>${head}`,
    rows,
    html`${result.name}: the jets of two classes, scored by p<sub>S</sub> / (p<sub>S</sub> + p<sub>B</sub>). –: no background jet passes.`,
  );
}
