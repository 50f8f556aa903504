/** @file Makes showers with a generator and writes them in the layout of the public files. */
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
  const bar = progress('generate', stop - start, 'showers');
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

/** What the flags ask for, by condition. */
async function asked(
  { info: { card } }: Generator,
  { number, energy, signal, conditions: file }: GenerateFlags,
): Promise<{ number: number; conditions: Record<string, unknown> }> {
  const names = card.conditions.map(({ name }) => name);
  if (file !== undefined) {
    if (energy !== undefined || signal !== undefined || number !== undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        'generate: --conditions says how many and of what; expected no -n, no --energy, no --signal',
      );
    const columns = await withOptionNames({ column: 'the name of the condition' }, () => readColumns(file, names));
    return { number: columns[names[0]!]!.length, conditions: columns };
  }
  if (number === undefined)
    throw new JetError('BAD_ARGUMENT', 'generate: not told how many; expected -n NUMBER, or --conditions FILE');
  const given = { energy, signal };
  const told = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (told.join() !== names.join())
    throw new JetError(
      'BAD_ARGUMENT',
      `generate: ${card.name} is asked by ${names.join(', ')}; got ${told.map((name) => `--${name}`).join(', ') || 'none of them'}; expected ${names.map((name) => HOW_ASKED[name] ?? '--conditions FILE with these columns').join(', ')}`,
      { conditions: names },
    );
  return {
    number,
    conditions: Object.fromEntries(
      Object.entries(given).flatMap(([name, text]) => (text === undefined ? [] : [[name, askedFor(name, text)]])),
    ),
  };
}

const HOW_ASKED: Readonly<Record<string, string>> = { energy: '--energy GEV or LOW:HIGH', signal: '--signal 0 or 1' };

/** A number, or a range LOW:HIGH. */
function askedFor(name: string, text: string): number | { readonly low: number; readonly high: number } {
  const parts = text.split(':').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [low, high] = parts;
  if (low === undefined || parts.length > 2 || parts.some((part) => !Number.isFinite(part)))
    throw new JetError(
      'BAD_ARGUMENT',
      `option --${name}: got ${text}; expected ${name === 'energy' ? 'GeV, such as 50, or a range, 10:100' : '0 or 1, or both, 0:1'}`,
    );
  return high === undefined ? low : { low, high };
}

async function* blocks(
  generator: Generator,
  count: number,
  request: Parameters<Generator['generate']>[1],
): AsyncGenerator<Record<string, Tensor>> {
  if (count === 0) {
    const { outputs, conditions } = await generator.generate(0, request);
    yield asArrays(outputs, conditions, 0);
  }
  for await (const { outputs, conditions } of generator.generateStream(count, request))
    yield asArrays(outputs, conditions, Object.values(outputs)[0]!.shape[0]!);
}

const asArrays = (
  outputs: Readonly<Record<string, Tensor>>,
  conditions: Readonly<Record<string, Float32Array>>,
  rows: number,
): Record<string, Tensor> => ({
  ...outputs,
  ...Object.fromEntries(Object.entries(conditions).map(([name, data]) => [name, { shape: [rows, 1], data }])),
});
