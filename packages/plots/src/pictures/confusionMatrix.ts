/** @file Which class is taken for which. */
import type { RenderFunction } from '@observablehq/plot';
import { checkFinite, checkLength, checkSome } from '../parts/check.js';
import { brush, panel, sheet } from '../parts/figure.js';
import { formatCount } from '../parts/formatNumber.js';
import { fontSize, type PlotOptions } from '../parts/style.js';
import { element, textWidth } from '../parts/svg.js';

/** Counts of jets: row = true class, column = predicted class. */
export interface Confusion {
  readonly classes: readonly string[];
  /** (classes, classes) row-major */
  readonly counts: ArrayLike<number>;
}

export interface ConfusionOptions extends PlotOptions {
  readonly heading?: string;
}

/**
 * Draws the confusion matrix: the share of each true class by predicted class, with the counts.
 *
 * @param confusion counts ≥ 0; not modified
 * @returns SVG
 * @throws {JetError} NOT_FINITE; SHAPE_MISMATCH if there are not classes² counts; BAD_ARGUMENT without a class
 */
export function confusionMatrix({ classes, counts }: Confusion, options: ConfusionOptions = {}): string {
  const size = classes.length;
  checkSome('confusionMatrix', 'classes', size);
  checkLength('confusionMatrix', 'counts', counts.length, size * size);
  checkFinite('confusionMatrix', 'counts', counts);
  const tools = brush(options);
  const { palette } = tools;
  const width = options.width ?? 420;
  const left = Math.min(width / 2, Math.max(74, ...classes.map((name) => textWidth(name, fontSize) + 22)));
  const side = width - left - 16;
  const cells: RenderFunction = (_index, _scales, _values, box, { document }) => {
    const group = element(document, 'g', { 'text-anchor': 'middle' });
    const cell = side / size;
    for (let row = 0; row < size; row++) {
      let sum = 0;
      for (let column = 0; column < size; column++) sum += counts[row * size + column];
      for (let column = 0; column < size; column++) {
        const count = counts[row * size + column];
        const share = sum === 0 ? 0 : count / sum;
        const x = box.marginLeft + column * cell;
        const y = box.marginTop + row * cell;
        const text = { x: x + cell / 2, fill: palette.ink };
        group.append(
          element(document, 'rect', {
            x,
            y,
            width: cell,
            height: cell,
            fill: palette.series[0],
            'fill-opacity': Math.round(share * 550) / 1000,
            stroke: palette.faint,
          }),
          element(
            document,
            'text',
            { ...text, y: y + cell / 2 - 2, 'font-size': fontSize + (size > 4 ? 0 : 7), 'font-weight': 600 },
            sum === 0 ? '–' : `${(100 * share).toFixed(1)} %`,
          ),
          element(document, 'text', { ...text, y: y + cell / 2 + fontSize + 5 }, formatCount(count)),
        );
      }
    }
    return group;
  };
  const named = (flipped: boolean) => ({
    major: classes.map((_, i) => i + 0.5),
    minor: [],
    lines: false as const,
    format: (at: number) => classes[flipped ? size - 1 - Math.floor(at) : Math.floor(at)],
  });
  const top = options.heading === undefined ? 14 : 34;
  const height = top + side + 52;
  const part = panel(
    {
      width,
      height,
      margins: { top, right: 16, bottom: 52, left },
      x: { label: 'Predicted class', domain: [0, size], ticks: { ...named(false) } },
      y: { label: 'True class', domain: [0, size], ticks: { ...named(true) } },
      marks: [cells],
      ...(options.heading !== undefined && { heading: options.heading }),
    },
    tools,
  );
  const title = classes
    .map((name, row) => `${name}: ${classes.map((as, column) => `${counts[row * size + column]} as ${as}`).join(', ')}`)
    .join('; ');
  return sheet(
    { name: 'confusion', width, height, title: `Confusion matrix. ${title}`, parts: [{ ...part, x: 0, y: 0 }] },
    options,
    tools,
  );
}
