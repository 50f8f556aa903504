/** @file The tables of the report. */
import { checkFinite } from '../parts/check.js';
import {
  formatCount,
  formatLevel,
  formatPValue,
  formatRejection,
  formatShare,
  rejectionDecimals,
} from '../parts/formatNumber.js';
import { colours, seriesColour, seriesDash } from '../parts/style.js';
import { type Html, html, raw } from './html.js';
import type { RejectionResult, TaggerComparison, TaggerResult } from './results.js';

/** A rejection with the distances to the ends of its interval, one above the other. */
export function rejectionCell({ rejection, interval }: RejectionResult): Html {
  const value = formatRejection(rejection);
  if (interval === undefined) return html`${value}`;
  const decimals = rejectionDecimals(rejection);
  const up = formatRejection(Math.abs(interval.high - rejection), decimals);
  const down = formatRejection(Math.abs(rejection - interval.low), decimals);
  return html`${value}<span class="pm"><span>+${up}</span><span>−${down}</span></span>`;
}

/** An AUC with its standard error. */
export function aucCell({ auc, aucStdErr }: Pick<TaggerResult, 'auc' | 'aucStdErr'>): Html {
  return aucStdErr === undefined
    ? html`${formatShare(auc)}`
    : html`${formatShare(auc)} <span class="muted">± ${formatShare(aucStdErr)}</span>`;
}

/** A piece of the curve a row belongs to, as it is drawn in the ROC plot. */
function key(index: number): Html {
  const dash = seriesDash(index);
  return raw(
    `<svg class="key" viewBox="0 0 26 8" aria-hidden="true"><line x1="0" x2="26" y1="4" y2="4" stroke="${seriesColour(colours('auto'), index)}" stroke-width="2.4"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}/></svg>`,
  );
}

/** A table that scrolls sideways where the page is narrow, with a note below. */
export function table(label: string, head: Html, rows: readonly Html[], note: Html): Html {
  return html`<figure class="table"><div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div><figcaption>${note}</figcaption></figure>`;
}

/**
 * All taggers side by side.
 *
 * @param curves names in the order in which the ROC plot draws them
 * @throws {JetError} NOT_FINITE
 */
export function resultTable(results: readonly TaggerResult[], curves: readonly string[]): Html {
  for (const { name, auc, aucStdErr = 0, accuracy, rejection } of results)
    checkFinite('report', `result of ${name}`, [
      auc,
      aucStdErr,
      accuracy,
      ...rejection.flatMap((r) => [r.rejection, r.interval?.low ?? 0, r.interval?.high ?? 0]),
    ]);
  const efficiencies = [...new Set(results.flatMap(({ rejection }) => rejection.map((r) => r.signalEfficiency)))].sort(
    (a, b) => a - b,
  );
  const head = efficiencies.map(
    (at) =>
      html`<th scope="col">1/ε<sub>B</sub> at ε<sub>S</sub> = ${at}</th><th scope="col"><abbr title="background jets that pass">k</abbr></th>`,
  );
  const rows = results.map((result) => {
    const cells = efficiencies.map((at) => {
      const found = result.rejection.find((r) => r.signalEfficiency === at);
      const k = found?.falsePositives;
      return html`<td>${found === undefined ? '–' : rejectionCell(found)}</td><td class="muted">${k === undefined ? '–' : formatCount(k)}</td>`;
    });
    const drawn = curves.indexOf(result.name);
    return html`<tr><th scope="row">${drawn < 0 ? undefined : key(drawn)}${result.name}</th><td>${aucCell(result)}</td><td>${formatShare(result.accuracy)}</td>${cells}</tr>`;
  });
  return table(
    'Table of taggers',
    html`<th scope="col">Tagger</th><th scope="col">AUC</th><th scope="col">Accuracy</th>${head}`,
    rows,
    resultNote(results),
  );
}

function resultNote(results: readonly TaggerResult[]): Html {
  const all = results.flatMap(({ rejection }) => rejection);
  const distinct = (texts: readonly string[]): string => [...new Set(texts)].join('; ');
  const levels = distinct(all.flatMap(({ interval }) => (interval === undefined ? [] : [formatLevel(interval.level)])));
  const estimators = distinct(all.flatMap(({ estimator }) => estimator ?? []));
  const jets = distinct(
    results.map(
      ({ signal, background }) => `${formatCount(signal)} signal and ${formatCount(background)} background jets`,
    ),
  );
  const points = Math.max(...results.map(({ rejection }) => rejection.length));
  const missing = results.some(({ rejection }) => rejection.length < points);
  const errors = results.some(({ aucStdErr }) => aucStdErr !== undefined);
  return html`On ${jets}.${errors ? ' AUC ± its standard error.' : ''}${
    levels === '' ? undefined : html` Intervals of 1/ε<sub>B</sub> at ${levels} confidence.`
  }${estimators === '' ? '' : ` Estimator: ${estimators}.`} k: background jets that pass the cut.${missing ? ' –: no figure, see the warnings.' : ''}`;
}

const verdict = (z: number): string =>
  Math.abs(z) >= 1.96 ? 'separated at 95 %' : Math.abs(z) >= 1 ? 'separated at 68 %, not at 95 %' : 'not separated';

/**
 * Paired tests of taggers on the same jets.
 *
 * @throws {JetError} NOT_FINITE
 */
export function comparisonTable(comparisons: readonly TaggerComparison[]): Html {
  const signed = (value: number, text: string): string => `${value < 0 ? '−' : '+'}${text}`;
  const rows = comparisons.map(({ a, b, difference, stdErr, z, pValue }) => {
    checkFinite('report', `comparison of ${a} and ${b}`, [difference, stdErr, z, pValue]);
    return html`<tr><th scope="row">${a} − ${b}</th><td>${signed(difference, formatShare(Math.abs(difference)))} <span class="muted">± ${formatShare(stdErr)}</span></td><td>${signed(z, Math.abs(z).toFixed(2))}</td><td>${formatPValue(pValue)}</td><td class="text">${verdict(z)}</td></tr>`;
  });
  return table(
    'Paired tests',
    html`<th scope="col">Taggers</th><th scope="col">ΔAUC</th><th scope="col">z</th><th scope="col">p</th><th scope="col" class="text">Verdict</th>`,
    rows,
    html`Paired test of the difference in AUC on the same jets; z is the difference over its standard error, p is two-sided.`,
  );
}
