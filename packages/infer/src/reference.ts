/** @file A model as it runs on the reference device: where it scores, and where it is certified. */
import { isJetError, JetError, type Tensor } from '@jetsdk/jets';
import type { OnnxFacts } from '@jetsdk/onnx';
import type { Platform, Trial } from './platform.js';
import type { Optimisation, Runtime, Session, SessionSettings } from './runtime/runtime.js';

/** What is opened. */
export interface Prepared {
  readonly model: Uint8Array;
  readonly settings: SessionSettings;
  readonly optimisation: Optimisation;
}

/**
 * Every model comes this way before it is opened: one whose graph does not tell what it takes is tried first.
 *
 * @param sha256 that the caller gave: who names the hash knows the file
 * @throws {JetError} as `tryOut` of the platform
 */
export async function tryStranger(platform: Platform, trial: Trial, sha256: string | undefined): Promise<void> {
  if (!trial.facts.modest && sha256 === undefined) await platform.tryOut(trial);
}

/** @param threads that the caller has */
export function prepare(
  platform: Platform,
  model: Uint8Array,
  facts: Pick<OnnxFacts, 'opset' | 'operators'>,
  threads: number,
): Prepared {
  const settings: SessionSettings = {
    device: platform.reference,
    threads: platform.sessionThreads(threads),
    optimisation: levelFor(facts),
  };
  const tuned = platform.tune(model, facts.opset);
  if (tuned === undefined) return { model, settings, optimisation: 'none' };
  return { model: tuned, settings: { ...settings, optimisation: 'all' }, optimisation: 'merged-pooling' };
}

/**
 * A rule and not a race of the two levels: they differ in the last bits, and the same model must give the same bits
 * on every load. Changing the memory layout pays once there are convolutions behind the first.
 */
export function levelFor({ operators }: Pick<OnnxFacts, 'operators'>): SessionSettings['optimisation'] {
  return (operators.get('Conv') ?? 0) > 1 ? 'all' : 'extended';
}

/** @param name for messages */
export async function openNamed(
  runtime: Runtime,
  name: string,
  { model, settings }: Omit<Prepared, 'optimisation'>,
): Promise<Session> {
  try {
    return await runtime.open(model, settings);
  } catch (error) {
    if (isJetError(error)) throw new JetError(error.code, `${name}: ${error.message}`, error.details, { cause: error });
    throw error;
  }
}

/** A model that is open, for runs of tensors that are no jets. */
export interface RunnableModel {
  /** e.g. `onnxruntime-node 1.30.0 cpu` */
  readonly runtime: string;
  readonly optimisation: Optimisation;
  /** @returns every output as float32 */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

/** @throws {JetError} BAD_MODEL; LIMIT_EXCEEDED if opening it takes too much memory or time */
export async function openReference(platform: Platform, model: Uint8Array): Promise<RunnableModel> {
  const { readOnnxFile } = await import('./model/onnxFile.js');
  const facts = readOnnxFile(model, 'model');
  await tryStranger(platform, { name: 'model', model, facts, use: { kind: 'graph' } }, undefined);
  const runtime = await platform.runtime([platform.reference], undefined);
  const prepared = prepare(platform, model, facts, runtime.threads ?? platform.threads());
  const session = await openNamed(runtime, 'model', prepared);
  const outputs = session.outputs.map(({ name }) => name);
  return {
    runtime: `${runtime.name} ${runtime.version} ${platform.reference}`,
    optimisation: prepared.optimisation,
    run: (inputs) => session.run(inputs, outputs),
    close: () => session.release(),
  };
}
