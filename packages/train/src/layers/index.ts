import { serialization } from '@tensorflow/tfjs-core';
import { registerActivations } from './activations.js';
import { EinsumDense } from './einsumDense.js';
import { GroupNormalization } from './groupNormalization.js';
import { LocallyConnected2D } from './locallyConnected2d.js';
import { LocalResponseNormalization } from './localResponseNormalization.js';
import { Log1p } from './log1p.js';
import { MaxoutDense } from './maxoutDense.js';
import { MinibatchDiscrimination } from './minibatchDiscrimination.js';
import { Mirror } from './mirror.js';
import { MultiHeadAttention } from './multiHeadAttention.js';
import { Normalization } from './normalization.js';
import { trainPartNormalizations } from './partNormalization.js';
import { ResetAfterGRU } from './resetAfterGru.js';
import { allowSameInputTwice } from './sameInputTwice.js';
import { SeededDropout } from './seededDropout.js';
import { writeDepthMultipliers } from './separableConv2d.js';
import { SpatialDropout2D } from './spatialDropout2d.js';
import { Subtract } from './subtract.js';
import { addTensorMethods } from './tensorMethods.js';
import { UnitNormalization } from './unitNormalization.js';
import { WeightedMean } from './weightedMean.js';

export type { ActivationName, EinsumDenseConfig } from './einsumDense.js';
export type { GroupNormalizationConfig } from './groupNormalization.js';
export type { LocallyConnected2DConfig } from './locallyConnected2d.js';
export type { LocalResponseNormalizationConfig } from './localResponseNormalization.js';
export type { Log1pConfig } from './log1p.js';
export type { MaxoutDenseConfig } from './maxoutDense.js';
export type { MinibatchDiscriminationConfig } from './minibatchDiscrimination.js';
export type { MirrorConfig } from './mirror.js';
export type { MultiHeadAttentionConfig } from './multiHeadAttention.js';
export type { NestedNumbers, NormalizationConfig } from './normalization.js';
export type { ResetAfterGRUConfig } from './resetAfterGru.js';
export type { SeededDropoutConfig } from './seededDropout.js';
export type { SpatialDropout2DConfig } from './spatialDropout2d.js';
export type { UnitNormalizationConfig } from './unitNormalization.js';
export {
  EinsumDense,
  GroupNormalization,
  LocallyConnected2D,
  LocalResponseNormalization,
  Log1p,
  MaxoutDense,
  MinibatchDiscrimination,
  Mirror,
  MultiHeadAttention,
  Normalization,
  ResetAfterGRU,
  SeededDropout,
  SpatialDropout2D,
  Subtract,
  UnitNormalization,
  WeightedMean,
};

let registered = false;

/** Makes the layers of our own known to TensorFlow.js, which is needed before a model with them is made or read. */
export function registerLayers(): void {
  if (registered) return;
  registered = true;
  addTensorMethods();
  writeDepthMultipliers();
  allowSameInputTwice();
  trainPartNormalizations();
  serialization.registerClass(LocalResponseNormalization);
  serialization.registerClass(Log1p);
  serialization.registerClass(MaxoutDense);
  serialization.registerClass(LocallyConnected2D);
  serialization.registerClass(SeededDropout);
  serialization.registerClass(EinsumDense);
  serialization.registerClass(GroupNormalization);
  serialization.registerClass(Mirror);
  serialization.registerClass(MultiHeadAttention);
  serialization.registerClass(Normalization);
  serialization.registerClass(ResetAfterGRU);
  serialization.registerClass(SpatialDropout2D);
  serialization.registerClass(Subtract);
  serialization.registerClass(UnitNormalization);
  serialization.registerClass(WeightedMean);
  registerActivations();
}
