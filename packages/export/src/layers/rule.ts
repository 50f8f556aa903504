/** @file What the exporter knows of one layer kind: one file per kind, `index.ts` is the table. */
import type { Emitter, Value } from '../graph/emitter.js';
import type { LayerConfig } from './shared/config.js';

/** Shape of one example, without the batch axis; channels last. */
export type Shape = readonly number[];

/** One weight array of a layer. */
export interface Weight {
  readonly shape: Shape;
  readonly data: Float32Array;
}

export type Weights = Readonly<Record<string, Weight>>;

/** One example in float64, for `forward`. */
export interface Array64 {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** @typeParam C the parsed configuration */
export interface LayerRule<C> {
  /** `class_name` in the topology */
  readonly kind: string;
  /** what of its configuration is supported, for the support page */
  readonly supports: string;
  /** what the layer becomes, for the support page */
  readonly operators: readonly string[];
  /** inputs of one call: exactly this many, or two and more */
  readonly inputs?: number | 'several';
  /** @throws {JetError} UNSUPPORTED on an unknown key or value */
  parse(config: LayerConfig): C;
  /**
   * Shape of the result; also the place to refuse inputs the layer cannot take.
   * @throws {JetError} SHAPE_MISMATCH
   */
  outputShape(config: C, inputs: readonly Shape[]): Shape;
  /** Names and shapes of its weights, null for a length that only the weights tell; absent where it has none. */
  weights?(config: C, inputs: readonly Shape[]): Readonly<Record<string, readonly (number | null)[]>>;
  /** Slow, obvious reference for one example, in float64: the oracle of the tests. */
  forward(config: C, inputs: readonly Array64[], weights: Weights): Array64;
  emit(config: C, inputs: readonly Value[], weights: Weights, to: Emitter): Value;
}
