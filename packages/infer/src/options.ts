/** @file What a caller says when a model is loaded. */
import type { Precision } from '@jetsdk/onnx';
import type { ModelHints } from './model/plan.js';
import { READ_OPTIONS, type ReadModelOptions } from './model/source.js';
import type { Device } from './runtime/runtime.js';

/** How a model is loaded. */
export interface LoadOptions extends ReadModelOptions, ModelHints {
  /** `auto` takes the fastest device that agrees with the reference; one asked for by name works or is an error */
  readonly device?: Device | 'auto';
  /**
   * what the weights in the file must be; loading another file is an error. Nothing is converted: the file alone decides
   * (`tagger.info.precision`), and every device computes in it
   */
  readonly precision?: Precision;
  /** jets per run; measured by default */
  readonly batchSize?: number;
  /** worker threads (Node) or threads of one run (wasm); as many as there are processors by default */
  readonly threads?: number;
  /**
   * lets ONNX Runtime print what it warns of in the model, once: to standard error, or to the console of a page; default
   * false
   */
  readonly verbose?: boolean;
}

/** How a regressor is loaded: its card says everything else. */
export type LoadRegressorOptions = Omit<LoadOptions, keyof ModelHints>;

const REGRESSOR = {
  ...READ_OPTIONS,
  device: true,
  precision: true,
  batchSize: true,
  threads: true,
  verbose: true,
} satisfies Record<keyof LoadRegressorOptions, true>;

/** Names of all options of `loadRegressor`. */
export const REGRESSOR_OPTIONS = Object.keys(REGRESSOR);

/** Names of all options of `loadTagger`. */
export const LOAD_OPTIONS = Object.keys({
  ...REGRESSOR,
  recipe: true,
  inputKind: true,
  layout: true,
  output: true,
  outputKind: true,
  signalColumn: true,
} satisfies Record<keyof LoadOptions, true>);
