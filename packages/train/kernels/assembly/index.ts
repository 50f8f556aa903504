/** @file Kernels over the heap of the TensorFlow.js wasm module: imported memory, no allocator, no static data. */
export { adam } from './adam';
export { alike, alikeGradient } from './alike';
export {
  addPartials, columnSums, momentSums, normalisationGradient, normalisationSums, normalise, rectifierGradient,
} from './columns';
export { convolution, convolutionFilterGradient } from './convolution';
export { enlarge, enlargeGradient } from './enlargement';
export { packPanels, packReversed, padRows } from './pack';
export { exchange, interleave } from './places';
export { halve, halveGradient, maxPoolGradient } from './pooling';
export { product } from './product';
export { lookup, segmentSums } from './rows';
export { weightedMean, weightedMeanGradient } from './weightedMean';
export { filterToPoints, winograd, winogradFilterGradient } from './winograd';
