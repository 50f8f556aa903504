export { type InferenceServer, type ServeOptions, serveModels } from './serveModels.js';
