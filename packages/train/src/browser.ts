/** @file The package as a browser sees it: without run folders. */
export { selectBackend } from './backend/selectBrowser.js';
export * from './common.js';
