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
