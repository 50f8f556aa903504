/** @file Pictures of simulated and generated showers and jets: means, pairs that are most alike, one noise at several conditions. */
import { type Tensor, takeRows } from '@jetsdk/jets';
import { type BookPicture, type JetImage, type JetImageGridOptions, jetImageGrid } from '@jetsdk/plots';
import type { JetExamples, Showers } from '@jetsdk/train';

/** How data of one kind are drawn. */
export interface Drawing<Data> {
  /** of images that stand in a grid; as many columns as one row of the data has images */
  readonly options: JetImageGridOptions & { readonly columns: number };
  /** of one row */
  images(data: Data, row: number): readonly JetImage[];
  /** what was asked for in a row, such as 50.0 GeV */
  asked(data: Data, row: number): string;
  /** what is looked at by itself: all rows, or those of each class */
  kinds(data: Data): readonly { readonly what: string; readonly rows: readonly number[] }[];
  /** of some rows */
  means(data: Data, rows: readonly number[]): readonly JetImage[];
}

export const SHOWER_DRAWING: Drawing<Showers> = {
  // half of the side of CaloGAN's calorimeter
  options: { halfWidth: 240, labels: ['x (mm)', 'y (mm)'], quantity: 'Energy (MeV)', columns: 3 },
  images: ({ layers }, row) => layers.map((layer, k) => ({ ...imageOf(layer, row), title: `layer ${k}` })),
  asked: ({ energy }, row) => `${energy[row].toPrecision(3)} GeV`,
  kinds: ({ energy }) => [{ what: 'showers', rows: Array.from(energy.keys()) }],
  means: ({ layers }, rows) => layers.map((layer, k) => ({ ...meanOf(takeRows(layer, rows)), title: `layer ${k}` })),
};

export const JET_DRAWING: Drawing<JetExamples> = {
  options: { halfWidth: 1.25, quantity: 'p_{T} (GeV)', columns: 1 },
  images: ({ image }, row) => [imageOf(image, row)],
  asked: ({ signal }, row) => `class ${signal[row]}`,
  kinds: ({ signal }) =>
    [1, 0].map((which) => ({
      what: `jets of class ${which}`,
      rows: Array.from(signal.keys()).filter((row) => signal[row] === which),
    })),
  means: ({ image }, rows) => [meanOf(takeRows(image, rows))],
};

/** Means of simulated and generated ones, one picture for each class. */
export function meanPictures<Data>(drawing: Drawing<Data>, simulated: Data, generated: Data): BookPicture[] {
  const others = drawing.kinds(generated);
  return drawing.kinds(simulated).map(
    ({ what, rows }, k): BookPicture => ({
      name: `mean-${what.replaceAll(' ', '-')}`,
      caption: `Mean image of the ${what}, simulated and generated, on one scale.`,
      wide: true,
      draw: grid(drawing, [
        { name: 'simulated', images: drawing.means(simulated, rows) },
        { name: 'generated', images: drawing.means(generated, others[k].rows) },
      ]),
    }),
  );
}

/** Data, and how real a discriminator finds each row. */
export interface Judged<Data> {
  /** `simulated` or `generated` */
  readonly name: string;
  readonly data: Data;
  /** (rows,) probabilities */
  readonly realness: Float32Array;
}

/** Share of the rows that a mean is of. */
const EXTREME = 1 / 10;
/** Rows of each end that are shown one by one. */
const SHOWN = 4;

/** The most and the least real rows of each kind: their means, and the first of them one by one. */
export function realnessPictures<Data>(drawing: Drawing<Data>, judged: readonly Judged<Data>[]): BookPicture[] {
  return judged.flatMap(({ name, data, realness }) =>
    drawing.kinds(data).flatMap(({ what, rows }): BookPicture[] => {
      const ranked = rows.toSorted((a, b) => realness[b] - realness[a]);
      const count = Math.ceil(EXTREME * ranked.length);
      const ends = [ranked.slice(0, count), ranked.slice(-count).reverse()] as const;
      const [most, least] = ends.map((end) => end.slice(0, SHOWN));
      const percent = (row: number): string => `${(100 * realness[row]).toPrecision(3)} %`;
      const named = (row: number): string => `${drawing.asked(data, row)}, ${percent(row)}`;
      const id = `real-${name}-${what.replaceAll(' ', '-')}`;
      return [
        {
          name: `${id}-means`,
          caption: `Means of the most and of the least real tenth of ${rows.length} ${name} ${what}, ${count} each.`,
          wide: true,
          draw: grid(
            drawing,
            ends.map((end, k) => ({ name: ['most real', 'least real'][k], images: drawing.means(data, end) })),
          ),
        },
        {
          name: id,
          caption: `The ${most!.length} most real ${name} ${what}, then the ${least!.length} least real ones, with the probability that they are simulated.`,
          wide: true,
          draw: grid(
            drawing,
            [...most!, ...least!].map((row) => ({ name: named(row), images: drawing.images(data, row) })),
          ),
        },
      ];
    }),
  );
}

/** A generated row, and the one of another sample that is most like it. */
export interface Pair {
  readonly made: number;
  readonly other: number;
}

/** @param others what the other sample is, for the caption: `simulated shower` */
export function pairPictures<Data>(
  drawing: Drawing<Data>,
  generated: Data,
  other: Data,
  { thing, others, pairs }: { readonly thing: string; readonly others: string; readonly pairs: readonly Pair[] },
): BookPicture[] {
  return pairs.map(
    ({ made, other: row }, i): BookPicture => ({
      name: `nearest-${i + 1}`,
      caption: `Generated ${thing} ${made} (${drawing.asked(generated, made)}) and the ${others} most like it, ${row} (${drawing.asked(other, row)}).`,
      wide: true,
      draw: grid(drawing, [
        { name: 'generated', images: drawing.images(generated, made) },
        { name: 'nearest', images: drawing.images(other, row) },
      ]),
    }),
  );
}

/** All rows, one below the other or, where each is one image, side by side. */
export function rowPicture<Data>(
  drawing: Drawing<Data>,
  data: Data,
  rows: number,
  { name, caption }: Pick<BookPicture, 'name' | 'caption'>,
): BookPicture {
  const groups = Array.from({ length: rows }, (_, row) => ({
    name: drawing.asked(data, row),
    images: drawing.images(data, row),
  }));
  return { name, caption, wide: true, draw: grid(drawing, groups) };
}

/** A row of the grid for each group, or one for all where they are single images. */
function grid<Data>(
  { options: style }: Drawing<Data>,
  groups: readonly { readonly name: string; readonly images: readonly JetImage[] }[],
): BookPicture['draw'] {
  const titled = groups.flatMap(({ name, images }) =>
    images.map(({ title, ...image }) => ({ ...image, title: title === undefined ? name : `${name}, ${title}` })),
  );
  const columns = style.columns === 1 ? Math.min(4, titled.length) : style.columns;
  return (options) => jetImageGrid(titled, { ...options, ...style, columns });
}

function imageOf({ shape: [, x = 1, y = 1], data }: Tensor, row: number): JetImage {
  return { shape: [x, y], pixels: data.subarray(row * x * y, (row + 1) * x * y) };
}

function meanOf({ shape: [rows = 0, x = 1, y = 1], data }: Tensor): JetImage {
  const pixels = new Float64Array(x * y);
  for (let i = 0; i < data.length; i++) pixels[i % (x * y)] += data[i] / Math.max(1, rows);
  return { shape: [x, y], pixels };
}
