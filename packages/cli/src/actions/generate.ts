/** @file Makes showers or jets with a generator and writes them in the layout of the public files. */
import { type Generator, loadGenerator } from '@jetsdk/infer';
import { parseShard, shardRange } from '@jetsdk/infer/shards';
import { JetError, type Tensor } from '@jetsdk/jets';
import { readColumns, writeArrays } from '@jetsdk/jets/files';
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

/** Writes an HDF5 file, which is whole or not there. */
export async function generateFile(model: string, flags: GenerateFlags): Promise<void> {
  const { output, seed, device, batchSize, threads } = flags;
  await using generator = await loadGenerator(model, {
    models: MODELS,
    ...(device !== undefined && { device }),
    ...(batchSize !== undefined && { batchSize }),
    ...(threads !== undefined && { threads }),
  });
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
  const bar = progress('generate', stop - start, generator.info.card.outputs[0]!.name === 'image' ? 'jets' : 'showers');
  try {
    await writeArrays(
      output,
      blocks(generator, stop - start, {
        conditions: mine,
        seed,
        first: start,
        outside: flags.allowOutside ? 'allow' : 'refuse',
        onProgress: ({ done }: { done: number }) => bar.update(done),
        onWarning: (warning: string) => say(`warning: ${warning}`),
      }),
    );
  } finally {
    bar.stop();
  }
  const seconds = (performance.now() - begun) / 1000;
  const { runtime, device: ran } = generator.info;
  say(
    `${output}: ${stop - start} of ${generator.info.name} in ${duration(seconds)} (${((1000 * seconds) / Math.max(1, stop - start)).toPrecision(3)} ms each), ${runtime} on ${ran}`,
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
    const columns = await withOptionNames({ column: 'the name of the condition' }, () => readColumns(file, names));
    return { number: columns[names[0]!]!.length, conditions: columns };
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

async function* blocks(
  generator: Generator,
  count: number,
  request: Parameters<Generator['generate']>[1],
): AsyncGenerator<Record<string, Tensor>> {
  if (count === 0) {
    const { outputs, conditions } = await generator.generate(0, request);
    yield asArrays(generator, outputs, conditions, 0);
  }
  for await (const { outputs, conditions } of generator.generateStream(count, request))
    yield asArrays(generator, outputs, conditions, Object.values(outputs)[0]!.shape[0]!);
}

/** Classes are (n,), other conditions (n, 1), as in the public files. */
const asArrays = (
  { info: { card } }: Generator,
  outputs: Readonly<Record<string, Tensor>>,
  conditions: Readonly<Record<string, Float32Array>>,
  rows: number,
): Record<string, Tensor> => ({
  ...outputs,
  ...Object.fromEntries(
    card.conditions.map(({ name, whole }) => [name, { shape: whole ? [rows] : [rows, 1], data: conditions[name]! }]),
  ),
});
