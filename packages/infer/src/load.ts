/** @file From the bytes of a model to a tagger. */
import { JetError } from '@jetsdk/jets';
import { GENERATOR_KEY } from '@jetsdk/onnx/card';
import { batchFor } from './choose/batchSize.js';
import { candidatesFor, chooseDevice } from './choose/chooseDevice.js';
import { timeJet } from './choose/timing.js';
import { makePlan } from './model/plan.js';
import { requirePrecision } from './model/precision.js';
import { readWhole } from './model/readWhole.js';
import { servedModel } from './model/servedModel.js';
import { type ModelSource, requireSource } from './model/source.js';
import { LOAD_OPTIONS, type LoadOptions } from './options.js';
import type { Platform, Trial } from './platform.js';
import { levelFor, openNamed, prepare } from './reference.js';
import type { Device } from './runtime/runtime.js';
import { type Engine, type EngineSetup, requireNotCancelled } from './scoring/engine.js';
import { makeTagger, type PassedOver, type Tagger } from './scoring/tagger.js';

/** @throws {JetError} as `loadTagger` */
export async function load(platform: Platform, source: ModelSource, options: LoadOptions): Promise<Tagger> {
  requireSource('loadTagger', source, options, LOAD_OPTIONS);
  requireWhole('batchSize', options.batchSize, 65536);
  requireWhole('threads', options.threads, 1024);
  const served = servedModel(source);
  if (served !== undefined) {
    const { loadRemote } = await import('./remote/loadRemote.js');
    return loadRemote(served, options);
  }
  const { device: wanted = 'auto', signal } = options;
  const passedOver: PassedOver[] = [];
  const candidates = await candidatesFor(platform, wanted, passedOver);
  const { name, bytes: model, facts, sha256 } = await readWhole(platform.read, source, options);
  if (facts.metadata.has(GENERATOR_KEY))
    throw new JetError(
      'BAD_MODEL',
      `${name}: a generator, which makes showers or jets and scores none; expected a tagger; load it with loadGenerator`,
    );
  requirePrecision(name, facts.precision, options.precision);
  // who names the hash knows the file
  if (!facts.modest && options.sha256 === undefined)
    await platform.tryOut?.({ name, model, facts, hints: options, signal });
  requireNotCancelled(signal, 'loadTagger');

  const runtime = await platform.runtime([...candidates, platform.reference], options.threads);
  const threads = runtime.threads ?? options.threads ?? platform.threads();
  const reference = prepare(platform, model, facts, threads);
  const session = await openNamed(runtime, name, reference);
  let engine: Engine | undefined;
  try {
    const { plan, card } = makePlan(name, facts, session, options);
    const msPerJet = await timeJet(name, session, plan, options.batchSize);
    const setupFor = (device: Device): EngineSetup => ({
      model,
      settings: { ...reference.settings, optimisation: levelFor(facts), device },
      plan,
      batchJets: batchFor(plan, options.batchSize, platform.batchJets(device, msPerJet)),
    });
    const { model: prepared, settings, optimisation } = reference;
    const setup = { ...setupFor(platform.reference), model: prepared, settings };
    engine = platform.referenceEngine(session, setup, threads, msPerJet);
    const chosen = await chooseDevice(platform, runtime, setupFor, engine, candidates, { wanted, passedOver, signal });
    engine = chosen.engine;
    return makeTagger(engine, plan, {
      name: plan.name,
      card,
      recipe: plan.recipe,
      sha256,
      inputs: plan.inputs,
      readout: plan.readout,
      opset: facts.opset,
      precision: facts.precision,
      device: chosen.device,
      optimisation: chosen.device === platform.reference ? optimisation : 'none',
      wholeOnDevice: engine.whole,
      runtime: `${runtime.name} ${runtime.version}`,
      threads: chosen.device === platform.reference ? threads : 1,
      batchSize: engine.batchJets,
      passedOver,
      selfTest: chosen.selfTest,
    });
  } catch (error) {
    await (engine?.close() ?? session.release());
    throw error;
  }
}

/** Opens a model and, where it says all sizes, runs it, as `load` does on the reference device. */
export async function runTrial(
  platform: Platform,
  { name, model, facts, hints }: Omit<Trial, 'signal'>,
): Promise<void> {
  const runtime = await platform.runtime([platform.reference], 1);
  const session = await openNamed(runtime, name, prepare(platform, model, facts, 1));
  if (hints !== undefined) await timeJet(name, session, makePlan(name, facts, session, hints).plan);
  await session.release();
}

function requireWhole(option: string, value: number | undefined, most: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= most))
    throw new JetError('BAD_ARGUMENT', `loadTagger: ${option} ${value}; expected a whole number from 1 to ${most}`, {
      [option]: value,
    });
}
