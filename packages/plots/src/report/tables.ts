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

const muted = (text: string): Html => html`<span class="muted">${text}</span>`;

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
    : html`${formatShare(auc)} ${muted(`± ${formatShare(aucStdErr)}`)}`;
}

/** A piece of the curve a row belongs to, as it is drawn in the ROC plot. */
function key(index: number): Html {
  const dash = seriesDash(index);
  return raw(
    `<svg class="key" viewBox="0 0 26 8" aria-hidden="true"><line x1="0" x2="26" y1="4" y2="4" stroke="${seriesColour(colours('auto'), index)}" stroke-width="2.4"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}/></svg>`,
  );
}

/** A column of a table. */
export interface Column {
  readonly title: Html | string;
  /** words, which begin at the left, as those of the first column do */
  readonly text?: boolean;
}

/**
 * A table with a note below. On a phone each row folds: what it is about, then the titles of the columns with what stands
 * in them.
 *
 * @param rows a cell for each column; the first says what the row is about
 */
export function table(
  label: string,
  columns: readonly Column[],
  rows: readonly (readonly (Html | string)[])[],
  note: Html,
): Html {
  const kinds = columns.map(({ text }) => (text ? raw(' class="text"') : undefined));
  const head = columns.map(({ title }, i) => html`<th scope="col"${kinds[i]}>${title}</th>`);
  const body = rows.map(([about, ...cells]) => {
    const written = cells.map((cell, i) =>
      cell === ''
        ? html`<td></td>`
        : html`<td${kinds[i + 1]}><span class="of" aria-hidden="true">${columns[i + 1].title}</span> ${cell}</td>`,
    );
    return html`<tr><th scope="row">${about}</th>${written}</tr>`;
  });
  return html`<figure class="table"><div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div><figcaption>${note}</figcaption></figure>`;
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
  const columns = efficiencies.flatMap((at) => [
    { title: html`1/ε<sub>B</sub> at ε<sub>S</sub> = ${at}` },
    { title: html`<abbr title="background jets that pass">k</abbr>` },
  ]);
  const rows = results.map((result) => {
    const cells = efficiencies.flatMap((at) => {
      const found = result.rejection.find((r) => r.signalEfficiency === at);
      const k = found?.falsePositives;
      return [found === undefined ? '–' : rejectionCell(found), muted(k === undefined ? '–' : formatCount(k))];
    });
    const drawn = curves.indexOf(result.name);
    const about = html`${drawn < 0 ? undefined : key(drawn)}${result.name}`;
    return [about, aucCell(result), formatShare(result.accuracy), ...cells];
  });
  return table(
    'Table of taggers',
    [{ title: 'Tagger' }, { title: 'AUC' }, { title: 'Accuracy' }, ...columns],
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
    return [
      `${a} − ${b}`,
      html`${signed(difference, formatShare(Math.abs(difference)))} ${muted(`± ${formatShare(stdErr)}`)}`,
      signed(z, Math.abs(z).toFixed(2)),
      formatPValue(pValue),
      verdict(z),
    ];
  });
  return table(
    'Paired tests',
    [{ title: 'Taggers' }, { title: 'ΔAUC' }, { title: 'z' }, { title: 'p' }, { title: 'Verdict', text: true }],
    rows,
    html`Paired test of the difference in AUC on the same jets; z is the difference over its standard error, p is two-sided.`,
  );
}
