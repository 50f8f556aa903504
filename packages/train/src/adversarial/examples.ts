/** @file What two networks learn from: images and what was asked for, as they are and as they are drawn. */
import { type Condition, JetError, random, type Tensor } from '@jetsdk/jets';
import type { Gan } from './gan.js';

/** What two networks learn from. */
export interface GanExamples {
  /** (rows, height, width) each, in the unit of the images */
  readonly images: readonly Tensor[];
  /** by name, one number per row */
  readonly conditions: Readonly<Record<string, Float32Array>>;
}

export function normals(seed: number, count: number): Float32Array {
  const { normal } = random(seed);
  return Float32Array.from({ length: count }, () => normal());
}

/** What is asked for, flat over the range of each condition. */
export function drawn(conditions: readonly Condition[], count: number, seed: number): Record<string, Float32Array> {
  const { uniform, integer } = random(seed);
  return Object.fromEntries(
    conditions.map(({ name, range: [low, high], whole }) => [
      name,
      Float32Array.from({ length: count }, () =>
        whole ? low + integer(high - low + 1) : low + (high - low) * uniform(),
      ),
    ]),
  );
}

/** Rows of the training, their pixels divided by the scale. */
export function batchOf(gan: Gan, { images, conditions }: GanExamples, rows: Uint32Array): GanExamples {
  return {
    images: images.map(({ shape, data }, k) => {
      const size = shape[1] * shape[2];
      const { scale } = gan.images[k];
      const pixels = new Float32Array(rows.length * size);
      for (let i = 0, at = 0; i < rows.length; i++)
        for (let j = rows[i] * size; j < (rows[i] + 1) * size; j++) pixels[at++] = data[j] / scale;
      return { shape: [rows.length, shape[1], shape[2]], data: pixels };
    }),
    conditions: Object.fromEntries(
      Object.entries(conditions).map(([name, values]) => [name, Float32Array.from(rows, (row) => values[row])]),
    ),
  };
}

export function firstImages(gan: Gan, { images, conditions }: GanExamples, count: number): GanExamples {
  return {
    images: images.map(({ shape: [, height, width], data }) => ({
      shape: [count, height, width],
      data: data.subarray(0, count * height * width),
    })),
    conditions: Object.fromEntries(gan.conditions.map(({ name }) => [name, conditions[name].subarray(0, count)])),
  };
}

/** @returns rows @throws {JetError} SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE for what does not fit */
export function checkGanExamples(gan: Gan, { images, conditions }: GanExamples): number {
  const rows = images[0]?.shape[0] ?? 0;
  const given = images.map(({ shape }) => `(${shape.join(', ')})`).join(', ');
  const expected = gan.images.map(({ pixels }) => `(${[rows, ...pixels].join(', ')})`).join(', ');
  if (given !== expected)
    throw new JetError('SHAPE_MISMATCH', `${gan.name}: images of shapes ${given}; expected ${expected}`, {
      given,
      expected,
    });
  for (const [k, { data }] of images.entries())
    for (let i = 0; i < data.length; i++)
      if (!(data[i] >= 0 && data[i] < Infinity))
        throw new JetError('NOT_FINITE', `${gan.images[k].name}: pixel ${i} is ${data[i]}; expected numbers ≥ 0`, {
          pixel: i,
        });
  for (const { name, range, whole } of gan.conditions) {
    const values = conditions[name];
    if (values?.length !== rows)
      throw new JetError('SHAPE_MISMATCH', `${name}: ${values?.length ?? 0} numbers for ${rows} images`, { name });
    const odd = values.find(
      (value) => !(value >= range[0] && value <= range[1]) || (whole === true && !Number.isInteger(value)),
    );
    if (odd !== undefined)
      throw new JetError(
        'OUT_OF_RANGE',
        `${name}: ${odd}; expected ${whole ? 'whole numbers' : 'numbers'} in [${range.join(', ')}]`,
        { name, value: odd },
      );
  }
  return rows;
}
