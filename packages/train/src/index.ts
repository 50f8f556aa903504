export { selectBackend } from './backend/select.js';
export * from './common.js';
export type { CacheFacts } from './data/cache/cacheFile.js';
export { type CacheEntry, cacheFolder, clearCache, listCache } from './data/cache/inputCache.js';
export { rowsApart, rowsApartFromAll, type SharedRows, testRows } from './data/rowsApart.js';
export { type FilesOfParts, type HashedFile, sharedFiles } from './data/sharedFiles.js';
export {
  PARTS,
  type ReadingProgress,
  type ReadTrainingDataOptions,
  readTrainingData,
  type TestJets,
  type TrainingData,
  type TrainingFiles,
} from './data/trainingData.js';
export { unusedJets } from './data/unusedJets.js';
export {
  type ChosenSettings,
  parseTrainingSettings,
  type RunSettings,
  settingsFor,
  type TrainingSettings,
} from './fit/settings.js';
export { describeModel, type ModelDescription } from './model/describeModel.js';
export { writeLayersModel } from './model/layersModel.js';
export { type LoadLayersModelOptions, loadLayersModel, type ModelFileKind } from './model/loadModel.js';
export { loadNetwork, type NamedNetwork } from './networks/loadNetwork.js';
export { networkTemplate } from './networks/networkTemplate.js';
export { cardFacts, type RunCardFacts } from './run/cardFacts.js';
export { type GanHistory, type GanRun, type LoadedGan, loadGan } from './run/ganRun.js';
export { bestLoss, type ComparedRun, findRuns, groupRuns, type RunGroup } from './run/groupRuns.js';
export type { ImageDataset, ReadImageDataset } from './run/imageDataset.js';
export { giveInitialWeights, type InitialWeights, readInitialWeights } from './run/initialWeights.js';
export { type LoadedRun, loadRun, readRun } from './run/loadRun.js';
export { type MeanOfRuns, meanOfRuns, type NamedRun, requireAlike } from './run/meanOfRuns.js';
export { realness } from './run/realness.js';
export {
  isRegression,
  type LoadedRegression,
  loadRegression,
  type RegressionRun,
} from './run/regressionRun.js';
export type { DatasetFacts, Run, RunCost } from './run/run.js';
export {
  type FlowCallbacks,
  type FlowRequest,
  type FlowRun,
  type FlowSettings,
  type LoadedFlow,
  loadFlow,
  trainFlow,
} from './run/trainFlow.js';
export { type GanRequest, trainGan } from './run/trainGan.js';
export { trainingFacts } from './run/trainingFacts.js';
export { type RegressionCallbacks, type RegressionRequest, trainRegression } from './run/trainRegression.js';
export * from './run/trainRun.js';
