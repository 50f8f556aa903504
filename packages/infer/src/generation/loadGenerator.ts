/** @file From the bytes of a model to a generator. */
import { type GeneratorCard, JetError, memoryFor } from '@jetsdk/jets';
import { shortRun } from '../choose/batchSize.js';
import { timed } from '../choose/timing.js';
import { readWhole } from '../model/readWhole.js';
import { servedModel } from '../model/servedModel.js';
import { type ModelSource, READ_OPTIONS, type ReadModelOptions, requireSource } from '../model/source.js';
import type { Platform, Trial } from '../platform.js';
import { openNamed, prepare, tryStranger } from '../reference.js';
import type { Device, Session, SessionSettings } from '../runtime/runtime.js';
import { requireNotCancelled } from '../scoring/engine.js';
import { type Generator, type GeneratorInfo, makeGenerator } from './generator.js';
import { noGenerator } from './noGenerator.js';
import { requirePorts } from './ports.js';
import { madeUp, openTried } from './trial.js';
import { wholeVectors } from './wholeVectors.js';

/** How a generator is loaded. */
export interface GeneratorLoadOptions extends ReadModelOptions {
  /** `auto`: the processor, cpu in Node and wasm in a page */
  readonly device?: Device | 'auto';
  /** showers or jets per run, default 128; fewer where a processor would take longer than a quarter of a second for them, and where they would take more than a quarter of the budget of memory */
  readonly batchSize?: number;
  /** threads inside a run; as many as there are processors by default */
  readonly threads?: number;
}

const OPTIONS = Object.keys({
  ...READ_OPTIONS,
  device: true,
  batchSize: true,
  threads: true,
} satisfies Record<keyof GeneratorLoadOptions, true>);

const BATCH = 128;
/** Rows of a run that tells what one takes in a large one. */
const TIMED = 8;

/** @throws {JetError} as `loadGenerator` */
export async function loadGeneratorOn(
  platform: Platform,
  source: ModelSource,
  options: GeneratorLoadOptions,
): Promise<Generator> {
  requireSource('loadGenerator', source, options, OPTIONS);
  for (const [name, value, most] of [
    ['batchSize', options.batchSize, 65536],
    ['threads', options.threads, 1024],
  ] as const)
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= most))
      throw new JetError('BAD_ARGUMENT', `loadGenerator: ${name} ${value}; expected a whole number from 1 to ${most}`, {
        [name]: value,
      });
  const served = servedModel(source);
  if (served !== undefined) return (await import('./remoteGenerator.js')).loadRemoteGenerator(served, options);
  const device = await deviceFor(platform, options.device ?? 'auto');
  const { name, bytes, facts, sha256 } = await readWhole(platform.read, source, options);
  requireNotCancelled(options.signal, 'loadGenerator');
  const { GENERATOR_KEY, generatorCardFromJson } = await import('../model/onnxFile.js');
  const json = facts.metadata.get(GENERATOR_KEY);
  if (json === undefined) throw noGenerator(name, facts.metadata);
  const card = generatorCardFromJson(json, name);
  const trial: Trial = { name, model: bytes, facts, use: { kind: 'generator' }, signal: options.signal };
  await tryStranger(platform, trial, options.sha256);
  const runtime = await platform.runtime([device], options.threads);
  const threads = runtime.threads ?? options.threads ?? platform.threads();
  const prepared = prepare(platform, bytes, facts, threads);
  const open = (settings: SessionSettings): Promise<Session> =>
    settings.device === platform.reference
      ? openNamed(runtime, name, { ...prepared, settings })
      : runtime.open(bytes, settings);
  const reference: SessionSettings = { ...prepared.settings, threads };
  const session = await (device === platform.reference ? open(reference) : openTried(card, device, reference, open));
  try {
    requirePorts(name, card, session);
    const rowBytes = platform.rowBytes(bytes);
    // a graphics card takes hardly longer for more rows
    const usual = async (): Promise<number> =>
      device === platform.reference
        ? shortRun(BATCH, await timeRow(session, card, withinMemory(TIMED, rowBytes)))
        : BATCH;
    const info: GeneratorInfo = {
      name: card.name,
      card,
      sha256,
      device,
      wholeOnDevice: session.whole,
      runtime: `${runtime.name} ${runtime.version}`,
      threads,
      batchSize: withinMemory(options.batchSize ?? (await usual()), rowBytes),
    };
    return makeGenerator(wholeVectors(session), info, platform.rest?.());
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Milliseconds a shower or jet takes in a run of several. */
async function timeRow(session: Session, card: GeneratorCard, rows: number): Promise<number> {
  const { feeds, names } = madeUp(card, rows);
  return (await timed(() => session.run(feeds, names))) / rows;
}

/** As many rows as asked for, or as fit; what is made does not depend on it. */
function withinMemory(asked: number, rowBytes: number | undefined): number {
  if (rowBytes === undefined) return asked;
  return Math.min(asked, Math.max(1, Math.floor(memoryFor('run') / rowBytes)));
}

async function deviceFor(platform: Platform, wanted: Device | 'auto'): Promise<Device> {
  if (wanted === 'auto') return platform.reference;
  if (!platform.devices.includes(wanted))
    throw new JetError(
      'BAD_ARGUMENT',
      `loadGenerator: device ${wanted}; expected auto, ${platform.devices.join(', ')}`,
      {
        device: wanted,
      },
    );
  if (platform.reference === 'cpu' && wanted !== 'cpu')
    throw new JetError(
      'UNSUPPORTED',
      `loadGenerator: device ${wanted}; expected cpu or wasm, which generators run on in Node`,
      {
        device: wanted,
      },
    );
  const reason = wanted === platform.reference ? undefined : await platform.obstacle(wanted);
  if (reason !== undefined) throw new JetError('DEVICE_UNAVAILABLE', `device ${wanted}: ${reason}`, { device: wanted });
  return wanted;
}

/** Opens a generator and makes one shower or jet, as `loadGeneratorOn` does on the reference device. */
export async function runGeneratorTrial(
  platform: Platform,
  { name, model, facts }: Omit<Trial, 'signal' | 'use'>,
): Promise<void> {
  const { GENERATOR_KEY, generatorCardFromJson } = await import('../model/onnxFile.js');
  const card = generatorCardFromJson(facts.metadata.get(GENERATOR_KEY) ?? '', name);
  const runtime = await platform.runtime([platform.reference], 1);
  const session = await openNamed(runtime, name, prepare(platform, model, facts, 1));
  requirePorts(name, card, session);
  const { feeds, names } = madeUp(card, 1);
  await session.run(feeds, names);
  await session.release();
}
