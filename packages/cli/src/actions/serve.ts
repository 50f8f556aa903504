import { type Generator, isServedModel, loadGenerator, type Regressor, readModel, type Tagger } from '@jetsdk/infer';
import { serveModels } from '@jetsdk/infer/server';
import { JetError } from '@jetsdk/jets';
import { readGeneratorCard, readRegressorCard } from '@jetsdk/onnx';
import { MODELS } from '../bundled.js';
import { hintsOf, type LoadFlags, loadModel } from '../loading.js';
import { print, say } from '../terminal.js';
import { loadOn } from './correct.js';

export interface ServeFlags extends LoadFlags {
  readonly port: number;
  readonly host: string;
  readonly maxBatch: number;
  readonly maxDelay: number;
  readonly maxQueue: number;
  readonly maxBody: number;
  readonly timeout: number;
}

const MEBIBYTE = 2 ** 20;

/** Serves models until the process is told to stop, and answers what it has taken. */
export async function serve(models: readonly string[], flags: ServeFlags): Promise<void> {
  const loaded: Served[] = [];
  try {
    for (const model of models) loaded.push(await loadServed(model, flags));
    const server = await serveModels(loaded, {
      port: flags.port,
      host: flags.host,
      maxBatch: flags.maxBatch,
      maxDelayMs: flags.maxDelay,
      maxQueue: flags.maxQueue,
      maxBodyBytes: Math.round(flags.maxBody * MEBIBYTE),
      timeoutMs: flags.timeout * 1000,
      onFailure: (error) => say(`serve: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
    const stopped = untilStopped();
    for (const url of server.models) print(url);
    say(`serving; metrics at ${new URL('/metrics', server.url)}; Ctrl-C ends it when all requests are answered`);
    await stopped;
    say('serve: answering what is under way');
    await server.close();
  } finally {
    for (const model of loaded) await model.dispose();
  }
}

type Served = Tagger | Regressor | Generator;

/** By the card inside of the model. */
async function loadServed(model: string, flags: LoadFlags): Promise<Served> {
  if (isServedModel(model)) return loadModel(model, flags);
  const bytes = await readModel(model, { models: MODELS });
  if (readRegressorCard(bytes) !== undefined) {
    requireNoHints(model, 'a regressor', flags);
    return loadOn(model, flags);
  }
  if (readGeneratorCard(bytes) === undefined) return loadModel(model, flags);
  requireNoHints(model, 'a generator', flags);
  const { device, batchSize, threads, sha256 } = flags;
  return loadGenerator(model, {
    models: MODELS,
    ...(device !== undefined && { device }),
    ...(batchSize !== undefined && { batchSize }),
    ...(threads !== undefined && { threads }),
    ...(sha256 !== undefined && { sha256 }),
  });
}

/** @throws {JetError} BAD_ARGUMENT for what is said of models without a card */
function requireNoHints(model: string, what: string, flags: LoadFlags): void {
  const [hint] = Object.keys(hintsOf(flags));
  if (hint !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `serve: ${model} is ${what}, whose card says everything; expected no option for models without a card (${hint}); leave it out`,
      { option: hint },
    );
}

/** The first signal to stop, also of a terminal that goes away; the second one is left to whoever ends the process. */
function untilStopped(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', ...(process.stdout.isTTY ? (['SIGHUP'] as const) : [])] as const;
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
