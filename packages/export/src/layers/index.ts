/** @file The table of layer kinds; the support page and every message of an unknown kind come from it. */
import { activation } from './activation.js';
import { add } from './add.js';
import { alphaDropout } from './alphaDropout.js';
import { average } from './average.js';
import { averagePooling1d } from './averagePooling1d.js';
import { averagePooling2d } from './averagePooling2d.js';
import { batchNormalization } from './batchNormalization.js';
import { bidirectional } from './bidirectional.js';
import { concatenate } from './concatenate.js';
import { conv1d } from './conv1d.js';
import { conv2d } from './conv2d.js';
import { conv2dTranspose } from './conv2dTranspose.js';
import { cropping2d } from './cropping2d.js';
import { dense } from './dense.js';
import { depthwiseConv2d } from './depthwiseConv2d.js';
import { dot } from './dot.js';
import { dropout } from './dropout.js';
import { einsumDense } from './einsumDense.js';
import { eLU } from './eLU.js';
import { embedding } from './embedding.js';
import { flatten } from './flatten.js';
import { gaussianDropout } from './gaussianDropout.js';
import { gaussianNoise } from './gaussianNoise.js';
import { globalAveragePooling1d } from './globalAveragePooling1d.js';
import { globalAveragePooling2d } from './globalAveragePooling2d.js';
import { globalMaxPooling1d } from './globalMaxPooling1d.js';
import { globalMaxPooling2d } from './globalMaxPooling2d.js';
import { groupNormalization } from './groupNormalization.js';
import { gru, resetAfterGRU } from './gru.js';
import { inputLayer } from './inputLayer.js';
import { layerNormalization } from './layerNormalization.js';
import { leakyReLU } from './leakyReLU.js';
import { locallyConnected2d } from './locallyConnected2d.js';
import { localResponseNormalization } from './localResponseNormalization.js';
import { log1p } from './log1p.js';
import { lstm } from './lstm.js';
import { maximum } from './maximum.js';
import { maxoutDense } from './maxoutDense.js';
import { maxPooling1d } from './maxPooling1d.js';
import { maxPooling2d } from './maxPooling2d.js';
import { minimum } from './minimum.js';
import { mirror } from './mirror.js';
import { multiHeadAttention } from './multiHeadAttention.js';
import { multiply } from './multiply.js';
import { normalization } from './normalization.js';
import { permute } from './permute.js';
import { pReLU } from './pReLU.js';
import { reLU } from './reLU.js';
import { repeatVector } from './repeatVector.js';
import { rescaling } from './rescaling.js';
import { reshape } from './reshape.js';
import type { LayerRule } from './rule.js';
import { seededDropout } from './seededDropout.js';
import { separableConv2d } from './separableConv2d.js';
import { simpleRNN } from './simpleRNN.js';
import { softmax } from './softmax.js';
import { spatialDropout1d } from './spatialDropout1d.js';
import { spatialDropout2d } from './spatialDropout2d.js';
import { subtract } from './subtract.js';
import { thresholdedReLU } from './thresholdedReLU.js';
import { unitNormalization } from './unitNormalization.js';
import { upSampling2d } from './upSampling2d.js';
import { weightedMean } from './weightedMean.js';
import { zeroPadding2d } from './zeroPadding2d.js';
/** Every supported layer kind, in the order of the support page. */
export const LAYERS: readonly LayerRule<unknown>[] = [
  inputLayer,
  dense,
  einsumDense,
  activation,
  reLU,
  leakyReLU,
  pReLU,
  eLU,
  thresholdedReLU,
  softmax,
  conv1d,
  conv2d,
  conv2dTranspose,
  separableConv2d,
  depthwiseConv2d,
  maxPooling1d,
  maxPooling2d,
  averagePooling1d,
  averagePooling2d,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
  batchNormalization,
  layerNormalization,
  groupNormalization,
  unitNormalization,
  normalization,
  rescaling,
  dropout,
  spatialDropout1d,
  spatialDropout2d,
  gaussianNoise,
  gaussianDropout,
  alphaDropout,
  flatten,
  reshape,
  permute,
  repeatVector,
  zeroPadding2d,
  cropping2d,
  upSampling2d,
  add,
  subtract,
  multiply,
  average,
  maximum,
  minimum,
  concatenate,
  dot,
  multiHeadAttention,
  embedding,
  simpleRNN,
  gru,
  resetAfterGRU,
  lstm,
  bidirectional,
  localResponseNormalization,
  log1p,
  maxoutDense,
  locallyConnected2d,
  weightedMean,
  mirror,
  seededDropout,
];
