/** @file Scores as a picture: a histogram of each class. */
import { formatCounted } from '@jetsdk/jets';

const BINS = 40;
const [WIDTH, HEIGHT, LEFT, BOTTOM] = [480, 220, 4, 34];
/** The classes in the colours of `@jetsdk/plots`. */
const COLOURS = ['#5790fc', '#e42536'];

/**
 * Draws scores in bins of one fortieth, each class by its own number of jets, its highest bin as high as the picture.
 *
 * @param scores (jets,) in [0, 1]
 * @param labels (jets,) numbers of the classes; undefined where they are not known
 * @param names of the classes
 */
export function histogram(
  scores: Float32Array,
  labels: Uint8Array | undefined,
  names: readonly string[],
): SVGSVGElement {
  const counts = names.map(() => new Float64Array(BINS));
  scores.forEach((score, jet) => {
    const bin = Math.min(BINS - 1, Math.floor(score * BINS));
    const of = counts[labels?.[jet] ?? 0];
    if (of !== undefined) of[bin]++;
  });
  const picture = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'aria-label': `Scores of ${formatCounted(scores.length, 'jet')}${labels === undefined ? '' : ` by class: ${names.join(', ')}`}`,
  });
  const floor = HEIGHT - BOTTOM;
  const place = (score: number): number => LEFT + score * (WIDTH - 2 * LEFT);
  counts.forEach((of, i) => {
    const highest = of.reduce((most, count) => Math.max(most, count), 1);
    const steps = Array.from(of, (count, bin) => {
      const y = floor - (count / highest) * (floor - 22);
      return `V${y.toFixed(1)}H${place((bin + 1) / BINS).toFixed(1)}`;
    });
    const colour = COLOURS[i % COLOURS.length];
    picture.append(
      svg('path', {
        d: `M${LEFT},${floor}${steps.join('')}V${floor}z`,
        fill: colour,
        'fill-opacity': 0.25,
        stroke: colour,
      }),
      svg(
        'text',
        { x: WIDTH / 2 + (i - (names.length - 1) / 2) * 130, y: 14, fill: colour, 'text-anchor': 'middle' },
        names[i],
      ),
    );
  });
  picture.append(svg('path', { d: `M${LEFT},${floor}H${WIDTH - LEFT}`, stroke: 'currentColor' }));
  for (const [score, anchor] of [
    [0, 'start'],
    [0.5, 'middle'],
    [1, 'end'],
  ] as const)
    picture.append(svg('text', { x: place(score), y: floor + 16, 'text-anchor': anchor }, score.toFixed(1)));
  picture.append(svg('text', { x: WIDTH / 2, y: HEIGHT - 3, 'text-anchor': 'middle' }, 'score'));
  return picture;
}

function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}
