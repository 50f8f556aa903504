/** @file What a cut on the tagger gains in significance. */
import { dot, line, type Markish, ruleY } from '@observablehq/plot';
import { checkSome } from '../parts/check.js';
import { brush, figure } from '../parts/figure.js';
import { legend, legendHeight } from '../parts/legend.js';
import { type PlotOptions, seriesColour, seriesDash } from '../parts/style.js';
import { thin } from '../parts/thin.js';
import { niceDomain } from '../parts/ticks.js';
import { checkCurve, type RocCurve } from './rocCurve.js';

export interface SignificanceOptions extends PlotOptions {
  /** points with ε_B below this are left out, where too few jets pass to say; default: the smallest ε_B times 10 */
  readonly lowestBackgroundEfficiency?: number;
  readonly heading?: string;
  readonly note?: string;
}

/**
 * Draws the significance improvement ε_S/√ε_B against ε_S, with its maximum.
 *
 * @param curves as `rocCurve`; not modified
 * @returns SVG
 * @throws {JetError} as `rocCurve`
 * @see arXiv:1001.5027, section 4
 */
export function significanceImprovement(curves: readonly RocCurve[], options: SignificanceOptions = {}): string {
  checkSome('significanceImprovement', 'curves', curves.length);
  for (const curve of curves) checkCurve('significanceImprovement', curve);
  const tools = brush(options);
  const all = curves.map((curve) => improvements(curve, options.lowestBackgroundEfficiency));
  const width = options.width ?? 520;
  const height = Math.round(width * 0.78);
  const margins = { top: (options.heading ?? options.note) ? 34 : 14, right: 16, bottom: 52, left: 66 };
  const free = 1 - legendHeight(curves.length + 1) / (height - margins.top - margins.bottom);
  const top = niceDomain([0, Math.max(1, ...all.map(({ best }) => best.y)) / Math.max(0.3, free)], 10)[1];
  const marks: Markish[] = [ruleY([1], { stroke: tools.palette.muted, strokeWidth: 1.2, strokeDasharray: '1.5 3.5' })];
  all.forEach(({ points, best }, i) => {
    const stroke = seriesColour(tools.palette, i);
    const dash = seriesDash(i);
    const shown = thin(
      points.map(({ x }) => x),
      points.map(({ y }) => y / top),
    ).map((k) => points[k]);
    marks.push(
      line(shown, { x: 'x', y: 'y', stroke, strokeWidth: 2, ...(dash && { strokeDasharray: dash }) }),
      dot([best], { x: 'x', y: 'y', r: 4, fill: tools.palette.paper, stroke, strokeWidth: 2 }),
    );
  });
  const entries = curves.map(({ name }, i) => ({
    label: name,
    value: `${all[i].best.y.toFixed(2)} at ${all[i].best.x.toFixed(2)}`,
    stroke: seriesColour(tools.palette, i),
    dash: seriesDash(i),
  }));
  marks.push(legend(entries, 'top-right', tools, 'maximum at ε_{S}'));
  return figure(
    {
      name: 'significance',
      title: `Significance improvement against signal efficiency: ${entries.map(({ label, value }) => `${label} (maximum ${value})`).join(', ')}`,
      width,
      height,
      margins,
      x: { label: 'Signal efficiency ε_{S}', domain: [0, 1] },
      y: { label: 'Significance improvement ε_{S}/√ε_{B}', domain: [0, top] },
      marks,
      ...(options.heading !== undefined && { heading: options.heading }),
      ...(options.note !== undefined && { note: options.note }),
    },
    options,
    tools,
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function improvements({ signalEfficiency: s, backgroundEfficiency: b }: RocCurve, lowest?: number) {
  let smallest = 1;
  for (let i = 0; i < b.length; i++) if (b[i] > 0 && b[i] < smallest) smallest = b[i];
  const from = lowest ?? Math.min(0.5, 10 * smallest);
  const points: Point[] = [];
  let best: Point = { x: 1, y: 1 };
  for (let i = 0; i < s.length; i++) {
    if (b[i] <= 0 || b[i] < from) continue;
    const point = { x: s[i], y: s[i] / Math.sqrt(b[i]) };
    points.push(point);
    if (point.y > best.y) best = point;
  }
  return { points, best };
}
