import { bootstrap, ensembleScores } from '@jetsdk/eval';
import { compareJetImages, compareShowers } from '@jetsdk/eval/generation';
import {
  certifiedExport,
  certify,
  exportGenerator,
  exportModel,
  exportOnePass,
  inspectModel,
  networkCost,
  newCard,
  quantise,
  tritonConfig,
} from '@jetsdk/export';
import { loadGenerator, loadRegressor, loadTagger, readModel } from '@jetsdk/infer';
import {
  concatSources,
  inputSource,
  isJetError,
  makeImages,
  memorySource,
  readLabelledInputs,
  takeSource,
  whereSource,
} from '@jetsdk/jets';
import { describeSource, openAllJets, openJets } from '@jetsdk/jets/files';
import { decodeModel, readCard } from '@jetsdk/onnx';
import {
  fit,
  fitFlow,
  fitGan,
  loadFlow,
  loadGan,
  loadNetwork,
  loadRegression,
  loadRun,
  predict,
  readRun,
  readTrainingData,
  regress,
  sampleFlow,
  sampleOnePass,
  trainFlow,
  trainGan,
  trainRegression,
  trainRun,
} from '@jetsdk/train';
import { expect, it } from 'vitest';

/** As plain JavaScript calls them, whose compiler looks at nothing. */
const DOORS: Readonly<Record<string, (...args: never[]) => unknown>> = {
  bootstrap,
  certifiedExport,
  certify,
  compareJetImages,
  compareShowers,
  concatSources,
  decodeModel,
  describeSource,
  ensembleScores,
  exportGenerator,
  exportModel,
  exportOnePass,
  fit,
  fitFlow,
  fitGan,
  inputSource,
  inspectModel,
  loadFlow,
  loadGan,
  loadGenerator,
  loadNetwork,
  loadRegression,
  loadRegressor,
  loadRun,
  loadTagger,
  makeImages,
  memorySource,
  networkCost,
  newCard,
  openAllJets,
  openJets,
  predict,
  quantise,
  readCard,
  readLabelledInputs,
  readModel,
  readRun,
  readTrainingData,
  regress,
  sampleFlow,
  sampleOnePass,
  takeSource,
  trainFlow,
  trainGan,
  trainRegression,
  trainRun,
  tritonConfig,
  whereSource,
};

const MISTAKES: Readonly<Record<string, readonly unknown[]>> = {
  nothing: [],
  'a promise that was not awaited': [Promise.resolve([])],
  'a flat list': [[1, 2, 3]],
  'a number': [5],
  'another object': [{ a: 1 }],
};

it.each(Object.keys(DOORS).flatMap((door) => Object.keys(MISTAKES).map((mistake) => [door, mistake] as const)))(
  '%s given %s says what it got',
  async (door, mistake) => {
    let failure: unknown;
    try {
      await Reflect.apply(DOORS[door], undefined, MISTAKES[mistake]);
    } catch (error) {
      failure = error;
    }
    expect(isJetError(failure), String(failure)).toBe(true);
    expect(String(failure)).toMatch(/(got|are|is) .*; expected /);
  },
);
