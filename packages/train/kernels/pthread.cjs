// Stands in for the worker of the threaded TensorFlow.js module, which starts eight of them before it is ready.
// The module is used with one thread of its own, so none of them is ever given work.
const { parentPort } = require('node:worker_threads');

parentPort.once('message', () => parentPort.postMessage({ cmd: 'loaded' }));
