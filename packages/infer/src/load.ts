/** @file From the bytes of a model to a tagger or a regressor. */
import { JetError } from '@jetsdk/jets';
import type { OnnxFacts } from '@jetsdk/onnx';
import { batchFor } from './choose/batchSize.js';
import { candidatesFor, chooseDevice } from './choose/chooseDevice.js';
import { timeJet } from './choose/timing.js';
import type { Plan } from './model/plan.js';
import { requirePrecision } from './model/precision.js';
import { readWhole } from './model/readWhole.js';
import { servedModel } from './model/servedModel.js';
import { type ModelSource, requireSource } from './model/source.js';
import { LOAD_OPTIONS, type LoadOptions, type LoadRegressorOptions, REGRESSOR_OPTIONS } from './options.js';
import type { Platform, Trial, TrialUse } from './platform.js';
import { levelFor, openNamed, prepare, tryStranger } from './reference.js';
import type { Device, Session } from './runtime/runtime.js';
import { type Engine, type EngineSetup, requireNotCancelled } from './scoring/engine.js';
import { makeRegressor, type Regressor } from './scoring/regressor.js';
import { makeTagger, type PassedOver, type Tagger } from './scoring/tagger.js';

/** @throws {JetError} as `loadTagger` */
export async function load(platform: Platform, source: ModelSource, options: LoadOptions): Promise<Tagger> {
  requireSource('loadTagger', source, options, LOAD_OPTIONS);
  const served = servedModel(source);
  if (served !== undefined) {
    requireCounts('loadTagger', options);
    const { loadRemote } = await import('./remote/loadRemote.js');
    return loadRemote(served, options);
  }
  const { engine, plan, card, ran } = await start(
    'loadTagger',
    platform,
    source,
    options,
    ({ makePlan }, ...model) => makePlan(...model, options),
    { kind: 'tagger', hints: options },
  );
  return makeTagger(engine, plan, { card, recipe: plan.recipe, readout: plan.readout, ...ran });
}

/** @throws {JetError} as `loadRegressor` */
export async function loadImages(
  platform: Platform,
  source: ModelSource,
  options: LoadRegressorOptions,
): Promise<Regressor> {
  requireSource('loadRegressor', source, options, REGRESSOR_OPTIONS);
  const served = servedModel(source);
  if (served !== undefined) {
    requireCounts('loadRegressor', options);
    const { loadRemoteRegressor } = await import('./remote/loadRemote.js');
    return loadRemoteRegressor(served, options);
  }
  const { engine, plan, card, ran } = await start(
    'loadRegressor',
    platform,
    source,
    options,
    ({ makeRegressorPlan }, ...model) => makeRegressorPlan(...model),
    { kind: 'regressor' },
  );
  return makeRegressor(engine, plan, { card, recipe: card.recipe, output: card.output, ...ran });
}

/** What a card and a graph say together. */
type PlanOf<C> = (
  plans: typeof import('./model/plans.js'),
  name: string,
  facts: OnnxFacts,
  session: Session,
) => { readonly plan: Plan; readonly card: C };

/** Reads a model and opens it on the device that is wanted. @param use as what it is tried */
async function start<C>(
  where: string,
  platform: Platform,
  source: ModelSource,
  options: LoadRegressorOptions,
  planOf: PlanOf<C>,
  use: TrialUse,
) {
  requireCounts(where, options);
  const { device: wanted = 'auto', signal } = options;
  const passedOver: PassedOver[] = [];
  const candidates = await candidatesFor(platform, wanted, passedOver);
  // a page has what makes images by the time that the model is there
  const [{ name, bytes: model, facts, sha256 }, plans] = await Promise.all([
    readWhole(platform.read, source, options),
    import('./model/plans.js'),
    import('./scoring/images.js'),
  ]);
  if (facts.metadata.has(plans.GENERATOR_KEY))
    throw new JetError(
      'BAD_MODEL',
      `${name}: a generator, which makes showers or jets and takes none; expected a tagger or a regressor; load it with loadGenerator`,
    );
  requirePrecision(name, facts.precision, options.precision);
  await tryStranger(platform, { name, model, facts, use, signal }, options.sha256);
  requireNotCancelled(signal, where);

  const runtime = await platform.runtime([...candidates, platform.reference], options.threads);
  const threads = runtime.threads ?? options.threads ?? platform.threads();
  const reference = prepare(platform, model, facts, threads);
  // sessions of threads and of other devices would say it all again
  const { verbose = false } = options;
  const session = await openNamed(runtime, name, { ...reference, settings: { ...reference.settings, verbose } });
  let engine: Engine | undefined;
  try {
    const { plan, card } = planOf(plans, name, facts, session);
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
    const ran = {
      name: plan.name,
      sha256,
      inputs: plan.inputs,
      opset: facts.opset,
      precision: facts.precision,
      oddities: facts.oddities,
      device: chosen.device,
      optimisation: chosen.device === platform.reference ? optimisation : ('none' as const),
      wholeOnDevice: engine.whole,
      runtime: `${runtime.name} ${runtime.version}`,
      threads: chosen.device === platform.reference ? threads : 1,
      batchSize: engine.batchJets,
      passedOver,
      selfTest: chosen.selfTest,
    };
    return { engine, plan, card, ran };
  } catch (error) {
    await (engine?.close() ?? session.release());
    throw error;
  }
}

/** Opens a model and, where it says all sizes, runs it on jets, as `load` does on the reference device. */
export async function runTrial(platform: Platform, { name, model, facts, use }: Omit<Trial, 'signal'>): Promise<void> {
  const { makePlan, makeRegressorPlan } = await import('./model/plans.js');
  const runtime = await platform.runtime([platform.reference], 1);
  const session = await openNamed(runtime, name, prepare(platform, model, facts, 1));
  if (use.kind === 'tagger') await timeJet(name, session, makePlan(name, facts, session, use.hints).plan);
  if (use.kind === 'regressor') await timeJet(name, session, makeRegressorPlan(name, facts, session).plan);
  await session.release();
}

function requireCounts(where: string, { batchSize, threads }: Pick<LoadOptions, 'batchSize' | 'threads'>): void {
  requireWhole(where, 'batchSize', batchSize, 65536);
  requireWhole(where, 'threads', threads, 1024);
}

function requireWhole(where: string, option: string, value: number | undefined, most: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= most))
    throw new JetError('BAD_ARGUMENT', `${where}: ${option} ${value}; expected a whole number from 1 to ${most}`, {
      [option]: value,
    });
}
