/** @file Makes showers or jets with a generator and writes them in the layout of the public files. */
import { extname } from 'node:path';
import { type Generator, generatedArrays, loadGenerator } from '@jetsdk/infer';
import { parseShard, shardRange } from '@jetsdk/infer/shards';
import { formatCount, JetError, type Tensor } from '@jetsdk/jets';
import { readColumns, readPerJet, writeArray, writeArrays } from '@jetsdk/jets/files';
import { MODELS } from '../bundled.js';
import { withOptionNames } from '../optionNames.js';
import { duration, progress, say } from '../terminal.js';

export interface GenerateFlags {
  readonly output: string;
  readonly number?: number;
  readonly energy?: string;
  readonly signal?: string;
  readonly conditions?: string;
  readonly seed: number;
  readonly shard?: string;
  readonly allowOutside?: true;
  readonly device?: 'cpu' | 'wasm';
  readonly batchSize?: number;
  readonly threads?: number;
}

/** Writes an HDF5 file, or the images of a model as a `.npy` file, which is whole or not there. */
export async function generateFile(model: string, flags: GenerateFlags): Promise<void> {
  const { output, seed, device, batchSize, threads } = flags;
  if (!/\.(npy|h5|hdf5)$/.test(output))
    throw new JetError(
      'BAD_ARGUMENT',
      `generate: --output ${output}; expected a name that ends in .h5, or in .npy for a model that makes one image`,
    );
  await using generator = await loadGenerator(model, {
    models: MODELS,
    ...(device !== undefined && { device }),
    ...(batchSize !== undefined && { batchSize }),
    ...(threads !== undefined && { threads }),
  });
  const { card } = generator.info;
  const [image, ...more] = card.outputs;
  const alone = extname(output) === '.npy';
  if (image === undefined || (alone && more.length > 0))
    throw new JetError(
      'BAD_ARGUMENT',
      `generate: --output ${output} holds one array, ${card.name} makes ${card.outputs.map(({ name }) => name).join(', ')}; expected a name that ends in .h5`,
      { outputs: card.outputs.length },
    );
  const { number, conditions } = await asked(generator, flags);
  const { start, stop } =
    flags.shard === undefined ? { start: 0, stop: number } : shardRange(number, parseShard(flags.shard));
  const mine = Object.fromEntries(
    Object.entries(conditions).map(([name, value]) => [
      name,
      value instanceof Float64Array ? value.subarray(start, stop) : value,
    ]),
  );
  const begun = performance.now();
  const bar = progress('generate', stop - start, image.name === 'image' ? 'jets' : 'showers');
  const made = blocksOf(generator, stop - start, {
    conditions: mine,
    seed,
    first: start,
    outside: flags.allowOutside ? 'allow' : 'refuse',
    onProgress: ({ done }: { done: number }) => bar.update(done),
    onWarning: (warning: string) => say(`warning: ${warning}`),
  });
  try {
    if (alone) await writeArray(output, [stop - start, ...image.shape], only(image.name, made));
    else await writeArrays(output, made);
  } finally {
    bar.stop();
  }
  const seconds = (performance.now() - begun) / 1000;
  const { runtime, device: ran } = generator.info;
  say(
    `${output}: ${formatCount(stop - start)} of ${generator.info.name} in ${duration(seconds)} (${((1000 * seconds) / Math.max(1, stop - start)).toPrecision(3)} ms each), ${runtime} on ${ran}`,
  );
}

/** Conditions that have an option of their name. */
const OPTIONS = ['energy', 'signal'] as const;

/** What the flags ask for, by condition. */
async function asked(
  { info: { card } }: Generator,
  flags: GenerateFlags,
): Promise<{ number: number; conditions: Record<string, unknown> }> {
  const names = card.conditions.map(({ name }) => name);
  const { number, conditions: file } = flags;
  const said = OPTIONS.filter((option) => flags[option] !== undefined);
  if (file !== undefined) {
    if (said.length > 0 || number !== undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `generate: --conditions says how many and of what; expected no ${said.length > 0 ? `--${said[0]}` : '-n'}`,
      );
    const columns = await conditionsOf(file, names);
    return { number: columns[names[0]].length, conditions: columns };
  }
  if (number === undefined)
    throw new JetError('BAD_ARGUMENT', 'generate: not told how many; expected -n NUMBER, or --conditions FILE');
  const odd = said.find((option) => !names.includes(option));
  if (odd !== undefined)
    throw new JetError('BAD_ARGUMENT', `generate: ${card.name} is asked by ${names.join(', ')}; expected no --${odd}`, {
      conditions: names,
    });
  return {
    number,
    conditions: Object.fromEntries(
      card.conditions.map(({ name, unit = '', range: [low, high] }) => {
        const option = OPTIONS.find((one) => one === name);
        const text = option && flags[option];
        if (text === undefined)
          throw new JetError(
            'BAD_ARGUMENT',
            `generate: not told the ${name}; expected ${option ? `--${option} with ${low} to ${high} ${unit}`.trimEnd() : `--conditions FILE with the columns ${names.join(', ')}`}`,
            { conditions: names },
          );
        return [name, conditionOf(name, text)];
      }),
    ),
  };
}

/** Columns by their names; a `.npy` file has none, and tells of a single condition. */
async function conditionsOf(file: string, names: readonly string[]): Promise<Record<string, Float64Array>> {
  const [only, ...more] = names;
  if (extname(file) !== '.npy')
    return withOptionNames({ column: 'the name of the condition' }, () => readColumns(file, names));
  if (only === undefined || more.length > 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `generate: --conditions ${file} holds one array, the model is asked by ${names.join(', ')}; expected a file with columns of these names`,
      { conditions: names },
    );
  return { [only]: await readPerJet(file, only) };
}

/** A number, or two with a colon between them. */
function conditionOf(name: string, text: string): number | { low: number; high: number } {
  const parts = text.split(':').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (parts.length > 2 || parts.some((part) => !Number.isFinite(part)))
    throw new JetError(
      'BAD_ARGUMENT',
      `option --${name}: got ${text}; expected ${name === 'energy' ? 'GeV, such as 50, or a range, 10:100' : '0, 1, or 0:1 for both'}`,
    );
  const [low = 0, high] = parts;
  return high === undefined ? low : { low, high };
}

async function* blocksOf(
  generator: Generator,
  count: number,
  request: Parameters<Generator['generate']>[1],
): AsyncGenerator<Record<string, Tensor>> {
  const { card } = generator.info;
  if (count === 0) yield generatedArrays(card, await generator.generate(0, request));
  for await (const made of generator.generateStream(count, request)) yield generatedArrays(card, made);
}

async function* only(name: string, blocks: AsyncIterable<Record<string, Tensor>>): AsyncGenerator<Tensor> {
  for await (const { [name]: array } of blocks) yield array;
}
