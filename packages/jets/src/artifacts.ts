/** @file What `train` hands to `export`: a layers model as plain data, without TensorFlow.js. */

/** One weight array, named as the layers model names it, e.g. `dense_1/kernel`. */
export interface LayerWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A layers model as `model.toJSON(null, false)` writes it, with its weights. */
export interface LayerArtifacts {
  readonly topology: Readonly<Record<string, unknown>>;
  /** in the order of `model.weights` */
  readonly weights: readonly LayerWeight[];
}

/**
 * A BatchNormalization that an exported file has within the weights of the layer before it: which weights of the network are its
 * gamma, beta, mean and variance, by number.
 */
export interface FoldedNorm {
  readonly gamma: number;
  readonly beta: number;
  readonly mean: number;
  readonly variance: number;
}
