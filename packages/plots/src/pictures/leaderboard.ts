/** @file A ranking with its uncertainties. */
import { JetError } from '@jetsdk/jets';
import { dot, type Markish, type RenderFunction, ruleX, ruleY } from '@observablehq/plot';
import { checkFinite, checkSome } from '../parts/check.js';
import { brush, figure } from '../parts/figure.js';
import { fontSize, type PlotOptions } from '../parts/style.js';
import { element, plainText, px, richText, shorten, textWidth } from '../parts/svg.js';
import { linearTicks, niceDomain, type Ticks } from '../parts/ticks.js';

/** One entry; rows are drawn in the order given. */
export interface LeaderboardRow {
  readonly rank: number;
  /** who, and what */
  readonly name: string;
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number };
  /** entries with the same tie group are not separated by the test */
  readonly tieGroup?: number | string;
  /** short remarks, e.g. flag codes; `_{…}` is set as an index; left out where the picture is narrow */
  readonly flags?: readonly string[];
}

export interface LeaderboardOptions extends PlotOptions {
  /** title of the axis; default `AUC` */
  readonly metric?: string;
  /** decimals of the value; default 4 */
  readonly decimals?: number;
  /** what the bars are, in the note above; default `68 % intervals` */
  readonly intervals?: string;
  readonly heading?: string;
}

const rowHeight = 30;
/** Narrower than that there is no room for remarks. */
const ROOMY = 480;
/** Distances between the quartiles that an entry may lie from them before it is clipped. */
const FAR = 3;
/** With fewer entries none is clipped. */
const FEW = 5;

function checkRows(rows: readonly LeaderboardRow[]): void {
  checkSome('leaderboard', 'rows', rows.length);
  for (const { name, value, interval } of rows) {
    checkFinite('leaderboard', `value and interval of ${name}`, [value, interval.low, interval.high]);
    if (!(interval.low <= value && value <= interval.high))
      throw new JetError(
        'OUT_OF_RANGE',
        `leaderboard: interval of ${name}, got ${interval.low} to ${interval.high}; expected it around ${value}`,
        { value, ...interval },
      );
  }
}

/** Runs of neighbouring rows in the same tie group, two rows or more. */
function tieRuns(rows: readonly LeaderboardRow[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (let first = 0; first < rows.length; ) {
    const group = rows[first].tieGroup;
    let last = first;
    while (group !== undefined && last + 1 < rows.length && rows[last + 1].tieGroup === group) last++;
    if (last > first) runs.push([first, last]);
    first = last + 1;
  }
  return runs;
}

/**
 * The axis: over all entries but those far off the others, which get an arrow at its end; never beyond 1 where all
 * values are at most 1.
 */
function domainOf(rows: readonly LeaderboardRow[]): [low: number, high: number] {
  const sorted = rows.map(({ value }) => value).sort((a, b) => a - b);
  const quartile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  const reach = FAR * (quartile(0.75) - quartile(0.25));
  const near = rows.filter(
    ({ value }) =>
      sorted.length < FEW || reach === 0 || (value >= quartile(0.25) - reach && value <= quartile(0.75) + reach),
  );
  const low = Math.min(...near.map(({ interval }) => interval.low));
  const high = Math.max(...near.map(({ interval }) => interval.high));
  const margin = (high - low || Math.abs(high) || 1) * 0.04;
  const [from, to] = niceDomain([low - margin, high + margin], 10);
  return [from, high <= 1 ? Math.min(1, to) : to];
}

/** As many ticks as have room for their numbers, up to one in a hundred pixels. */
function ticksWithin(domain: [low: number, high: number], width: number): Ticks {
  for (let count = Math.max(2, Math.round(width / 100)); ; count--) {
    const ticks = linearTicks(domain, count);
    const room = ticks.major.reduce((sum, value) => sum + textWidth(ticks.format(value), fontSize) + 8, 0);
    if (room <= width || count === 1) return ticks;
  }
}

/**
 * Draws a ranking: the metric of each entry with its interval, entries that are not separated behind one bracket. An
 * entry far off all others is an arrow at the end of the axis.
 *
 * @param rows in the order of the ranking; not modified
 * @returns SVG
 * @throws {JetError} NOT_FINITE; OUT_OF_RANGE for an interval that does not hold its value; BAD_ARGUMENT without a row
 */
export function leaderboard(rows: readonly LeaderboardRow[], options: LeaderboardOptions = {}): string {
  checkRows(rows);
  const tools = brush(options);
  const { palette } = tools;
  const { metric = 'AUC', decimals = 4, intervals = '68 % intervals' } = options;
  const width = options.width ?? 780;
  const values = rows.map(({ value }) => value.toFixed(decimals));
  const remarks = rows.map(({ flags = [] }) => (flags.length > 0 && width >= ROOMY ? `  (${flags.join(', ')})` : ''));
  const longest = Math.max(
    ...rows.map(({ name }, row) => textWidth(name, fontSize) + textWidth(remarks[row], fontSize)),
  );
  const left = Math.min(width * 0.48, 44 + longest + 14);
  const label = (document: Document, row: number, y: number): SVGElement => {
    const room = left - 52;
    // of a long label the name is cut, not what is remarked
    const remark =
      textWidth(remarks[row], fontSize) > 0.7 * room
        ? shorten(plainText(remarks[row]), 0.7 * room, fontSize)
        : remarks[row];
    const name = shorten(rows[row].name, room - textWidth(remark, fontSize), fontSize);
    const made = richText(document, remark, { x: 44, y });
    made.prepend(document.createTextNode(name));
    return made;
  };
  const right = 26 + Math.max(...values.map((value) => textWidth(value, fontSize))) + 22;
  const domain = domainOf(rows);
  const runs = tieRuns(rows);
  const texts: RenderFunction = (_index, _scales, _values, box, { document }) => {
    const group = element(document, 'g');
    if (options.heading !== undefined)
      group.append(
        element(document, 'text', { x: 8, y: 22, 'font-weight': 650, 'font-size': fontSize + 1 }, options.heading),
      );
    group.append(
      element(
        document,
        'text',
        { x: width - 8, y: 22, 'text-anchor': 'end', fill: palette.muted },
        runs.length > 0 ? `${intervals}; bracket: not separated` : intervals,
      ),
    );
    const y = (row: number): number => box.marginTop + (row + 0.5) * rowHeight;
    rows.forEach(({ rank }, row) => {
      const baseline = y(row) + fontSize * 0.35;
      group.append(
        element(document, 'text', { x: 30, y: baseline, 'text-anchor': 'end', 'font-weight': 650 }, String(rank)),
        label(document, row, baseline),
        element(document, 'text', { x: width - 30, y: baseline, 'text-anchor': 'end', fill: palette.ink }, values[row]),
      );
    });
    for (const [first, last] of runs)
      group.append(
        element(document, 'path', {
          d: `M${px(width - 20)},${px(y(first) - 9)}h7V${px(y(last) + 9)}h-7`,
          fill: 'none',
          stroke: palette.muted,
          'stroke-width': 1.5,
        }),
      );
    return group;
  };
  const bands: RenderFunction = (_index, _scales, _values, box, { document }) => {
    const group = element(document, 'g', { fill: palette.faint, 'fill-opacity': 0.38 });
    for (const [first, last] of runs)
      group.append(
        element(document, 'rect', {
          x: 8,
          y: box.marginTop + first * rowHeight + 2,
          width: width - 16,
          height: (last - first + 1) * rowHeight - 4,
          rx: 4,
        }),
      );
    return group;
  };
  const inside = (value: number): number => Math.min(domain[1], Math.max(domain[0], value));
  const bars = rows.flatMap(({ interval: { low, high } }, row) =>
    high < domain[0] || low > domain[1] ? [] : [{ y: -(row + 0.5), low: inside(low), high: inside(high) }],
  );
  const points = rows.flatMap(({ value }, row) => (inside(value) === value ? [{ y: -(row + 0.5), x: value }] : []));
  const arrows: RenderFunction = (_index, _scales, _values, box, { document }) => {
    const group = element(document, 'g', { fill: colour, class: 'jet-clipped' });
    rows.forEach(({ value }, row) => {
      if (inside(value) === value) return;
      const [x, way] = value < domain[0] ? [left + 3, 1] : [width - right - 3, -1];
      const y = box.marginTop + (row + 0.5) * rowHeight;
      group.append(element(document, 'path', { d: `M${px(x)},${px(y)}l${8 * way},-5v10z` }));
    });
    return group;
  };
  const colour = palette.series[0];
  const marks: Markish[] = [
    bands,
    ruleX([rows[0].value], { stroke: palette.muted, strokeDasharray: '1.5 3.5' }),
    ruleY(bars, { y: 'y', x1: 'low', x2: 'high', stroke: colour, strokeWidth: 3.2, strokeLinecap: 'round' }),
    dot(points, { x: 'x', y: 'y', r: 4.2, fill: palette.paper, stroke: colour, strokeWidth: 2.2 }),
    arrows,
    texts,
  ];
  return figure(
    {
      name: 'leaderboard',
      title: `Ranking by ${metric}: ${rows.map(({ rank, name }, i) => `${rank}. ${name} ${values[i]}`).join(', ')}`,
      width,
      height: 34 + rows.length * rowHeight + 52,
      margins: { top: 34, right, bottom: 52, left },
      x: { label: metric, domain, ticks: ticksWithin(domain, width - left - right) },
      y: { domain: [-rows.length, 0], ticks: { major: [], minor: [], format: String } },
      marks,
    },
    options,
    tools,
  );
}
