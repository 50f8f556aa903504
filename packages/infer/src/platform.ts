import type { ModelFile, OnnxFacts } from '@jetsdk/onnx';
import type { ModelHints } from './model/plan.js';
import type { ModelSource, ReadModelOptions } from './model/source.js';
import type { Device, Runtime, Session } from './runtime/runtime.js';
import type { Engine, EngineSetup } from './scoring/engine.js';

/** What a tried model is run as; a graph alone is opened and not run. */
export type TrialUse =
  | { readonly kind: 'tagger'; readonly hints: ModelHints }
  | { readonly kind: 'regressor' | 'generator' | 'graph' };

/** A model to be tried. */
export interface Trial {
  readonly name: string;
  readonly model: Uint8Array;
  readonly facts: OnnxFacts;
  readonly use: TrialUse;
  readonly signal?: AbortSignal | undefined;
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
  read(source: ModelSource, options: ReadModelOptions): Promise<ModelFile>;
  /**
   * Opens a model and runs it on made-up inputs where it cannot harm the caller, for models whose graph does not tell what
   * they take.
   *
   * @throws {JetError} LIMIT_EXCEEDED, BAD_MODEL, DEVICE_UNAVAILABLE; what opening it throws
   */
  tryOut(trial: Trial): Promise<void>;
  /**
   * @param devices that will be opened with it
   * @param threads that the caller asks for
   */
  runtime(devices: readonly Device[], threads: number | undefined): Promise<Runtime>;
  /** threads inside one run of a session on the reference device */
  sessionThreads(threads: number): number;
  /** the model in a form that runs faster on the reference device; undefined where there is none */
  tune(model: Uint8Array, opset: number): Uint8Array | undefined;
  /** bytes of numbers alive at once while a row goes through the graph; undefined where that is not known, or memory ends by itself */
  rowBytes(model: Uint8Array): number | undefined;
  /** jets per run, unless the caller says */
  batchJets(device: Device, msPerJet: number): number;
  /** What lets a page draw between runs, asked after each and waited for; where it is missing, nobody waits. */
  readonly rest?: () => () => Promise<void> | undefined;
  /** @param session on the reference device; released with the engine */
  referenceEngine(session: Session, setup: EngineSetup, threads: number, msPerJet: number): Engine;
  /** @throws {JetError} DEVICE_UNAVAILABLE */
  openEngine(runtime: Runtime, setup: EngineSetup): Promise<Engine>;
}
