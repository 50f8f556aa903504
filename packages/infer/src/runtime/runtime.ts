/** @file The one interface between the scoring code and whatever runs a network. */
import type { Tensor } from '@jetsdk/jets';

/** What can run a model; which of them exist depends on platform and machine. */
export type Device = 'cpu' | 'cuda' | 'tensorrt' | 'dml' | 'coreml' | 'webgpu' | 'wasm' | 'webnn';

/** An input or output as the graph declares it. */
export interface ValueSpec {
  readonly name: string;
  /** ONNX element type, e.g. `float32`; undefined for sequences and maps */
  readonly type: string | undefined;
  /** undefined where the graph leaves the size open */
  readonly shape: readonly (number | undefined)[];
}

/** How a session is made. */
export interface SessionSettings {
  readonly device: Device;
  /** threads inside one run */
  readonly threads: number;
  /** `all` also changes the memory layout of convolutions, which pays for deep networks only */
  readonly optimisation: 'extended' | 'all';
  /** lets the runtime print its warnings of the model */
  readonly verbose?: boolean;
}

/** How a graph is changed before it runs; the file stays as it is. */
export type Optimisation = 'merged-pooling' | 'none';

/** A model ready to run on one device. Runs may be asked for concurrently. */
export interface Session {
  readonly device: Device;
  /** whether every operator runs on the device; else those it lacks run on the processor */
  readonly whole: boolean;
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  /** the named outputs as float32, in arrays of their own */
  run(feeds: Readonly<Record<string, Tensor>>, outputs: readonly string[]): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** One kind of runtime, e.g. ONNX Runtime in Node. */
export interface Runtime {
  readonly name: string;
  readonly version: string;
  /** threads of one run, where the platform has them fixed */
  readonly threads: number | undefined;
  /**
   * @throws {JetError} DEVICE_UNAVAILABLE if the device is not here, BAD_MODEL if the model is not accepted
   */
  open(model: Uint8Array, settings: SessionSettings): Promise<Session>;
}
