/** @file Kernels over the heap of the TensorFlow.js wasm module: imported memory, no allocator, no static data. */
export { adam } from './adam';
export {
  columnSums, momentSums, normalisationGradient, normalisationSums, normalise, rectifierGradient,
} from './columns';
export { convolution, convolutionFilterGradient } from './convolution';
export { packPanels, packReversed, padRows } from './pack';
export { halve, halveGradient, maxPoolGradient } from './pooling';
export { product } from './product';
export { scaled, shares, sharesGradient, weightedSum } from './shares';
export { filterToPoints, winograd, winogradFilterGradient } from './winograd';
