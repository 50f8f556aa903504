/** @file From the bytes of a model to a generator. */
import { type GeneratorCard, JetError } from '@jetsdk/jets';
import { readWhole } from '../model/readWhole.js';
import { servedModel } from '../model/servedModel.js';
import { type ModelSource, READ_OPTIONS, type ReadModelOptions, requireSource } from '../model/source.js';
import type { Platform, Trial } from '../platform.js';
import { openNamed, prepare, tryStranger } from '../reference.js';
import type { Device, Session, SessionSettings } from '../runtime/runtime.js';
import { requireNotCancelled } from '../scoring/engine.js';
import { type Generator, makeGenerator } from './generator.js';
import { requirePorts } from './ports.js';
import { checkRequest } from './request.js';
import { wholeVectors } from './wholeVectors.js';

/** How a generator is loaded. */
export interface GeneratorLoadOptions extends ReadModelOptions {
  /** `auto`: the processor, cpu in Node and wasm in a page */
  readonly device?: Device | 'auto';
  /** showers or jets per run; default 128 */
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
/** rows that another device is compared on, and how far it may be from the reference, in units of the output's scale */
const TESTED = 16;
const TOLERANCE = 1e-4;

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
  if (json === undefined)
    throw new JetError(
      'BAD_MODEL',
      `${name}: no generator, its file has ${facts.metadata.has('jetsdk.card') ? 'the card of a tagger; load it with loadTagger' : 'no card of one; export it with exportGenerator'}`,
    );
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
  const session = await open(device === platform.reference ? reference : { ...reference, device });
  try {
    requirePorts(name, card, session);
    if (device !== platform.reference) await requireAgreement(card, session, await open(reference));
    return makeGenerator(wholeVectors(session), {
      name: card.name,
      card,
      sha256,
      device,
      wholeOnDevice: session.whole,
      runtime: `${runtime.name} ${runtime.version}`,
      threads,
      batchSize: options.batchSize ?? BATCH,
    });
  } catch (error) {
    await session.release();
    throw error;
  }
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

/** A device that gives something else than the reference is not used. @param reference released */
async function requireAgreement(card: GeneratorCard, session: Session, reference: Session): Promise<void> {
  try {
    const { feeds, names } = madeUp(card, TESTED);
    const [got, wanted] = [await session.run(feeds, names), await reference.run(feeds, names)];
    for (const name of names) {
      let [squares, worst] = [0, 0];
      wanted[name].data.forEach((value, i) => {
        squares += value * value;
        const difference = Math.abs(value - got[name].data[i]);
        if (!(difference <= worst)) worst = difference;
      });
      const scale = Math.max(1, Math.sqrt(squares / wanted[name].data.length));
      if (!(worst <= TOLERANCE * scale))
        throw new JetError(
          'PARITY_FAILED',
          `device ${session.device}: output ${name} differs from ${reference.device} by ${worst.toExponential(1)} at a scale of ${scale.toPrecision(3)}; expected at most ${TOLERANCE} of it; use ${reference.device}`,
          { device: session.device, maxAbsDifference: worst, scale },
        );
    }
  } finally {
    await reference.release();
  }
}

/** Inputs within the ranges of the card, and the outputs that they give. */
function madeUp(card: GeneratorCard, count: number) {
  const conditions = Object.fromEntries(
    card.conditions.map(({ name, range: [low, high], whole }) => [name, whole ? low : { low, high }]),
  );
  return {
    feeds: checkRequest(card, count, { seed: 1, ...conditions }).feeds(0, count),
    names: card.outputs.map(({ name }) => name),
  };
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
