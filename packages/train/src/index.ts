export { selectBackend } from './backend/select.js';
export * from './common.js';
export { loadLayersModel } from './layersModel.js';
export * from './run.js';
