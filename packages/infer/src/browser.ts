/** @file The package as a browser sees it; the same names as in Node. */
import { browserPlatform } from './browser/platform.js';
import { readModelInBrowser } from './browser/source.js';
import { tryInWorker } from './browser/trial.js';
import type { DeviceReport } from './devices/reportDevice.js';
import type * as node from './index.js';
import { load, loadImages, runTrial } from './load.js';
import { readWhole } from './model/readWhole.js';
import { requireSource } from './model/source.js';
import type { Platform } from './platform.js';
import { openReference } from './reference.js';

const platform: Platform = {
  ...browserPlatform,
  async tryOut(trial) {
    const run =
      trial.use.kind === 'generator' ? (await import('./generation/loadGenerator.js')).runGeneratorTrial : runTrial;
    await tryInWorker(trial, (runtime) => run({ ...platform, runtime: async () => runtime }, trial));
  },
};

export { generatedArrays } from './generation/generatedArrays.js';
export { isServedModel } from './model/servedModel.js';
export { correctedArrays, correctJets } from './scoring/correctJets.js';
export { namedInputs } from './scoring/namedInputs.js';

export const loadTagger: typeof node.loadTagger = (source, options = {}) => load(platform, source, options);

export const loadGenerator: typeof node.loadGenerator = async (source, options = {}) => {
  const { loadGeneratorOn } = await import('./generation/loadGenerator.js');
  return loadGeneratorOn(platform, source, options);
};

export const loadRegressor: typeof node.loadRegressor = (source, options = {}) => loadImages(platform, source, options);

export const readModel: typeof node.readModel = async (source, options = {}) => {
  requireSource('readModel', source, options);
  return (await readWhole(readModelInBrowser, source, options)).bytes;
};

export const openModel: typeof node.openModel = (model) => openReference(platform, model);

export const compareDevices: typeof node.compareDevices = async (source, jets, devices, options = {}) => {
  const { compareOn } = await import('./devices/compareDevices.js');
  return compareOn(loadTagger, source, jets, devices, options);
};

export const listDevices: typeof node.listDevices = async () => {
  const { reportDevice } = await import('./devices/reportDevice.js');
  const reports: DeviceReport[] = [];
  for (const device of platform.devices) reports.push(await reportDevice(platform, device));
  return reports;
};
