/** @file What a generator makes of the same noise while it is trained: a file every few epochs. */
import { join } from 'node:path';
import { type Condition, normalNoise, type Tensor } from '@jetsdk/jets';
import { makeFolder, writeArrays } from '@jetsdk/jets/files';

/** Rows of a file. */
const ROWS = 4;
/** Files of a training, unless it is told how often. */
const FILES = 8;

/** A generator as it is at the end of an epoch. */
export interface Sampled {
  readonly conditions: readonly Condition[];
  /** columns of the noise */
  readonly noise: number;
  /** @param noise (rows, columns) @param conditions (rows, 1) each, by name @returns images, by name */
  sample(noise: Tensor, conditions: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
}

/** When samples are written, and of which noise. */
export interface SampleTimes {
  readonly epochs: number;
  readonly seed: number;
  /** epochs from one file to the next; default: eight files in all */
  readonly every?: number | undefined;
}

/**
 * Writes `samples/epoch-0010.h5`, in the layout of what is generated, at the epochs that are due and at the last one: rows of one
 * seed's noise, conditions spread over their ranges.
 */
export async function writeSamples(
  folder: string,
  epoch: number,
  { epochs, seed, every = Math.ceil(epochs / FILES) }: SampleTimes,
  generator: Sampled,
): Promise<void> {
  if (epoch % every !== 0 && epoch !== epochs) return;
  const asked = Object.fromEntries(
    generator.conditions.map(({ name, range: [low, high], whole }) => [
      name,
      Float32Array.from({ length: ROWS }, (_, row) =>
        whole ? low + (row % (high - low + 1)) : low + ((high - low) * (row + 0.5)) / ROWS,
      ),
    ]),
  );
  const column = (data: Float32Array): Tensor => ({ shape: [ROWS, 1], data });
  const images = await generator.sample(
    normalNoise(ROWS, generator.noise, { seed }),
    Object.fromEntries(Object.entries(asked).map(([name, data]) => [name, column(data)])),
  );
  const told = generator.conditions.map(
    ({ name, whole }) => [name, whole ? { shape: [ROWS], data: asked[name] } : column(asked[name])] as const,
  );
  await makeFolder(join(folder, 'samples'));
  await writeArrays(join(folder, 'samples', `epoch-${String(epoch).padStart(4, '0')}.h5`), [
    { ...images, ...Object.fromEntries(told) },
  ]);
}
