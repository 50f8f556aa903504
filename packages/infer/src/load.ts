/** @file From the bytes of a model to a tagger. */
import { isJetError, JetError, sha256Hex } from '@jetsdk/jets';
import { canSample, sampleChunk } from './choose/sample.js';
import { compareDevice, measureRate } from './choose/selfTest.js';
import { withExternalData } from './model/externalData.js';
import { type OnnxFacts, type Precision, readOnnxFile, requirePrecision } from './model/onnxFile.js';
import { type ModelHints, makePlan, type Plan } from './model/plan.js';
import type { ModelFile, ModelSource } from './model/source.js';
import { joined } from './model/wire.js';
import { loadRemote } from './remote/loadRemote.js';
import { requireModelNamed, servedModel } from './remote/servedModel.js';
import { firstLine } from './runtime/ortSession.js';
import type { Device, Runtime, Session, SessionSettings } from './runtime/runtime.js';
import { type Engine, type EngineSetup, requireNotCancelled } from './scoring/engine.js';
import { feedMaker } from './scoring/feeds.js';
import { makeTagger, type SelfTest, type Tagger } from './scoring/tagger.js';

export interface LoadOptions extends ModelHints {
  /** `auto` takes the fastest device that agrees with the reference; one asked for by name works or is an error */
  readonly device?: Device | 'auto';
  /**
   * what the weights in the file must be; loading another file is an error. Nothing is converted: the file alone decides
   * (`tagger.info.precision`), and every device computes in it
   */
  readonly precision?: Precision;
  /** jets a run; found out unless given */
  readonly batchSize?: number;
  /** worker threads (Node) or threads of one run (wasm); as many as there are processors unless given */
  readonly threads?: number;
  /** SHA-256 that the file must have, hexadecimal; with external data that of all files, one behind the other */
  readonly sha256?: string;
  /** folder or base URL where models called by name are found; `models` unless given */
  readonly models?: string | URL;
  /** folder (Node) or cache name (browser) of downloaded models; false: do not keep them */
  readonly cache?: string | false;
  /** milliseconds that a server may take to answer, or to go on sending a model; 30,000 unless given */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** told while a model is downloaded */
  readonly onProgress?: (progress: { readonly loaded: number; readonly total: number | undefined }) => void;
}

/** What differs between Node and the browser. */
export interface Platform {
  /** every device that the platform knows */
  readonly devices: readonly Device[];
  /** the device that every other is compared with */
  readonly reference: Device;
  /** what `auto` tries, best first */
  readonly auto: readonly Device[];
  /** processors */
  threads(): number;
  /** why a device cannot work here and what would help; undefined where only trying can tell */
  obstacle(device: Device): Promise<string | undefined>;
  read(source: ModelSource, options: LoadOptions): Promise<ModelFile>;
  /**
   * @param devices that will be opened with it
   * @param threads that the caller asks for
   */
  runtime(devices: readonly Device[], threads: number | undefined): Promise<Runtime>;
  /** threads inside one run of a session on the reference device */
  sessionThreads(threads: number): number;
  /** the model in a form that runs faster on the reference device; undefined where there is none */
  tune(model: Uint8Array, opset: number): Uint8Array | undefined;
  /** jets a run, unless the caller says */
  batchJets(device: Device, msPerJet: number): number;
  /** @param session on the reference device; released with the engine */
  referenceEngine(session: Session, setup: EngineSetup, threads: number, msPerJet: number): Engine;
  /** @throws {JetError} DEVICE_UNAVAILABLE */
  openEngine(runtime: Runtime, setup: EngineSetup): Promise<Engine>;
}

/** Jets a run on a processor, measured: larger networks do better when fewer jets' activations share the cache. */
export const cacheFriendlyBatch = (msPerJet: number): number => (msPerJet > 0.05 ? 32 : 64);

/** A model with its weights, and what its file says. */
export interface ReadModel {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly facts: OnnxFacts;
  /** of the file as it lies there, with external data behind it */
  readonly sha256: string;
}

/** @throws {JetError} as `readModel` */
export async function readWhole(platform: Platform, source: ModelSource, options: LoadOptions): Promise<ReadModel> {
  requireModelNamed(source);
  const file = await platform.read(source, options);
  const facts = readOnnxFile(file.bytes, file.name);
  const { bytes, files } = await withExternalData(file);
  const sha256 = await requireHash(file.name, files, options.sha256);
  requirePrecision(file.name, facts.precision, options.precision);
  return { name: file.name, bytes, facts, sha256 };
}

/** @throws {JetError} as `loadTagger` */
export async function load(platform: Platform, source: ModelSource, options: LoadOptions): Promise<Tagger> {
  requireWhole('batchSize', options.batchSize, 65536);
  requireWhole('threads', options.threads, 1024);
  const served = servedModel(source);
  if (served !== undefined) return loadRemote(served, options);
  const wanted = options.device ?? 'auto';
  requireDevice(platform, wanted);
  const { name, bytes: model, facts, sha256 } = await readWhole(platform, source, options);
  requireNotCancelled(options.signal, 'loadTagger');

  const passedOver: { device: Device; reason: string }[] = [];
  const candidates = await withoutObstacle(platform, wanted, passedOver);
  const runtime = await platform.runtime([...candidates, platform.reference], options.threads);
  const threads = runtime.threads ?? options.threads ?? platform.threads();
  const settings: SessionSettings = {
    device: platform.reference,
    threads: platform.sessionThreads(threads),
    optimisation: optimisationFor(facts),
  };
  const tuned = platform.tune(model, facts.opset);
  const reference: Pick<EngineSetup, 'model' | 'settings'> =
    tuned === undefined ? { model, settings } : { model: tuned, settings: { ...settings, optimisation: 'all' } };
  const session = await openNamed(runtime, name, reference);
  let engine: Engine | undefined;
  try {
    const { plan, card } = makePlan(name, facts, session, options);
    const msPerJet = canSample(plan) ? await timeJet(name, session, plan, options.batchSize) : UNTIMED_MS;
    const setupFor = (device: Device): EngineSetup => ({
      model,
      settings: { ...settings, device },
      plan,
      batchJets: batchFor(plan, options.batchSize, platform.batchJets(device, msPerJet)),
    });
    engine = platform.referenceEngine(session, { ...setupFor(platform.reference), ...reference }, threads, msPerJet);
    let device = platform.reference;
    let selfTest: SelfTest | undefined;
    for (const candidate of candidates) {
      requireNotCancelled(options.signal, 'loadTagger');
      try {
        const taken = await tryDevice(platform, runtime, setupFor(candidate), engine, wanted === 'auto');
        await engine.close();
        ({ engine, selfTest } = taken);
        device = candidate;
        break;
      } catch (error) {
        if (wanted !== 'auto' || !isJetError(error)) throw error;
        passedOver.push({ device: candidate, reason: error.message });
      }
    }
    return makeTagger(engine, plan, {
      name: plan.name,
      card,
      recipe: plan.recipe,
      sha256,
      inputs: plan.inputs,
      readout: plan.readout,
      opset: facts.opset,
      precision: facts.precision,
      device,
      wholeOnDevice: engine.whole,
      runtime: `${runtime.name} ${runtime.version}`,
      threads: device === platform.reference ? threads : 1,
      batchSize: engine.batchJets,
      passedOver,
      selfTest,
    });
  } catch (error) {
    await (engine?.close() ?? session.release());
    throw error;
  }
}

function requireDevice({ devices }: Platform, device: Device | 'auto'): void {
  if (device !== 'auto' && !devices.includes(device))
    throw new JetError('BAD_ARGUMENT', `loadTagger: device ${device}; expected auto, ${devices.join(', ')}`, {
      device,
    });
}

/** The devices worth trying. */
async function withoutObstacle(
  platform: Platform,
  wanted: Device | 'auto',
  passedOver: { device: Device; reason: string }[],
): Promise<Device[]> {
  const candidates: Device[] = [];
  for (const device of wanted === 'auto' ? platform.auto : [wanted]) {
    if (device === platform.reference) continue;
    const reason = await platform.obstacle(device);
    if (reason === undefined) candidates.push(device);
    else if (wanted === 'auto') passedOver.push({ device, reason });
    else throw new JetError('DEVICE_UNAVAILABLE', `device ${device}: ${reason}`, { device });
  }
  return candidates;
}

/**
 * @throws {JetError} DEVICE_UNAVAILABLE; PARITY_FAILED if the scores differ from the reference; BAD_ARGUMENT if
 *   `mustBeFaster` and it is not
 */
async function tryDevice(
  platform: Platform,
  runtime: Runtime,
  setup: EngineSetup,
  reference: Engine,
  mustBeFaster: boolean,
): Promise<{ engine: Engine; selfTest: SelfTest | undefined }> {
  const { plan } = setup;
  const { device } = setup.settings;
  const testable = canSample(plan);
  if (mustBeFaster && !testable)
    throw new JetError(
      'DEVICE_UNAVAILABLE',
      `device ${device}: the model takes images of any size, so it cannot be compared with ${platform.reference}; name the device to use it nevertheless`,
      { device },
    );
  const engine = await platform.openEngine(runtime, setup);
  if (!testable) return { engine, selfTest: undefined };
  try {
    const { msForTest, ...selfTest } = await compareDevice(engine, reference, platform.reference, plan);
    const { maxAbsDifference, tolerance, jets } = selfTest;
    if (!(maxAbsDifference <= tolerance))
      throw new JetError(
        'PARITY_FAILED',
        `device ${device}: scores of ${jets} jets differ from ${platform.reference} by ${maxAbsDifference.toExponential(1)}; expected at most ${tolerance.toExponential(1)}; use ${platform.reference}`,
        { device, maxAbsDifference, tolerance },
      );
    if (mustBeFaster) {
      const rate = await measureRate(engine, plan, msForTest);
      const referenceRate = await measureRate(reference, plan, 0);
      if (rate === undefined || rate < referenceRate! * reference.width)
        throw new JetError(
          'DEVICE_UNAVAILABLE',
          `device ${device}: slower than ${platform.reference} on this model, ${rate === undefined ? 'far fewer' : Math.round(rate)} against ${Math.round(referenceRate! * reference.width)} jets/s; name the device to use it nevertheless`,
          { device, rate, referenceRate },
        );
    }
    return { engine, selfTest };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function requireWhole(option: string, value: number | undefined, most: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= most))
    throw new JetError('BAD_ARGUMENT', `loadTagger: ${option} ${value}; expected a whole number from 1 to ${most}`, {
      [option]: value,
    });
}

async function requireHash(name: string, files: readonly Uint8Array[], expected: string | undefined): Promise<string> {
  const sha256 = await hashOf(files.length === 1 ? files[0] : joined(files));
  if (expected !== undefined && expected.toLowerCase() !== sha256)
    throw new JetError(
      'BAD_FILE',
      `${name}: SHA-256 is ${sha256}; expected ${expected.toLowerCase()}; the file is another one, or damaged`,
      { sha256, expected },
    );
  return sha256;
}

/** Pages that are not served securely have no WebCrypto, which is ten times faster. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) return sha256Hex(bytes);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A rule and not a race of the two levels: they differ in the last bits, and the same model must give the same bits
 * on every load. Changing the memory layout pays once there are convolutions behind the first.
 */
function optimisationFor({ operators }: OnnxFacts): SessionSettings['optimisation'] {
  return (operators.get('Conv') ?? 0) > 1 ? 'all' : 'extended';
}

function batchFor(plan: Plan, asked: number | undefined, usual: number): number {
  if (plan.fixedBatch === undefined) return asked ?? usual;
  if (asked !== undefined && asked !== plan.fixedBatch)
    throw new JetError(
      'BAD_ARGUMENT',
      `${plan.name}: batchSize ${asked}, but the graph's batch is fixed; expected ${plan.fixedBatch}; leave the option out`,
      { batchSize: asked, fixed: plan.fixedBatch },
    );
  return plan.fixedBatch;
}

async function openNamed(
  runtime: Runtime,
  name: string,
  { model, settings }: Pick<EngineSetup, 'model' | 'settings'>,
): Promise<Session> {
  try {
    return await runtime.open(model, settings);
  } catch (error) {
    if (isJetError(error)) throw new JetError(error.code, `${name}: ${error.message}`, error.details, { cause: error });
    throw error;
  }
}

/** Long enough for the coarse clock of a page. */
const TIMED_MS = 2;
/** Jets of a run that tell what a jet costs in a large one: more change little. */
const TIMED_JETS = 16;
/** Taken for a network that cannot be timed. */
const UNTIMED_MS = 1;

/**
 * Milliseconds a jet takes in runs of several, or of the fixed batch.
 *
 * @param most jets of a run
 * @throws {JetError} BAD_MODEL if the network does not run on what it declares
 */
async function timeJet(name: string, session: Session, plan: Plan, most = TIMED_JETS): Promise<number> {
  const time = (jets: number): Promise<number> =>
    timeRun(session, plan, jets).catch((error: unknown) => {
      throw unfit(name, jets, error);
    });
  const alone = await time(1);
  if (plan.fixedBatch !== undefined) return alone / plan.fixedBatch;
  const jets = Math.min(TIMED_JETS, most, Math.floor(TIMED_MS / alone));
  return jets > 1 ? (await time(jets)) / jets : alone;
}

function unfit(name: string, jets: number, error: unknown): unknown {
  if (!isJetError(error) || error.code !== 'DEVICE_UNAVAILABLE') return error;
  const reason = firstLine(error.cause);
  if (reason.startsWith('out of memory')) return error;
  const remedy = jets === 1 ? 'export it with an open first axis' : 'load it with batchSize 1';
  return new JetError(
    'BAD_MODEL',
    `${name}: does not run on ${jets} jet${jets === 1 ? '' : 's'} of the shape it declares (${reason}); expected scores; where its graph has a number of jets inside, ${remedy}`,
    { jets },
    { cause: error },
  );
}

/** Milliseconds of a run, after a first one that prepares. */
async function timeRun(session: Session, plan: Plan, jets: number): Promise<number> {
  const feeds = feedMaker(plan)(sampleChunk(plan, jets), 0, jets);
  const outputs = [plan.readout.output];
  await session.run(feeds, outputs);
  // a busy machine interrupts some runs; the faster of two goes is what the network takes
  let least = Number.POSITIVE_INFINITY;
  for (let go = 0; go < 2; go++) {
    const start = performance.now();
    let runs = 0;
    for (; performance.now() - start < TIMED_MS; runs++) await session.run(feeds, outputs);
    least = Math.min(least, (performance.now() - start) / runs);
  }
  return least;
}
