export { selectBackend } from './backend/select.js';
export * from './common.js';
export { loadLayersModel } from './model/layersModel.js';
export * from './run/run.js';
