import { bootstrap, ensembleScores } from '@jetsdk/eval';
import { exportModel, inspectModel, networkCost } from '@jetsdk/export';
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
import { fit, loadNetwork, loadRun, predict, readRun, readTrainingData, trainRun } from '@jetsdk/train';
import { expect, it } from 'vitest';

/** As plain JavaScript calls them, whose compiler looks at nothing. */
const DOORS: Readonly<Record<string, (...args: never[]) => unknown>> = {
  bootstrap,
  concatSources,
  decodeModel,
  describeSource,
  ensembleScores,
  exportModel,
  fit,
  inputSource,
  inspectModel,
  loadGenerator,
  loadNetwork,
  loadRegressor,
  loadRun,
  loadTagger,
  makeImages,
  memorySource,
  networkCost,
  openAllJets,
  openJets,
  predict,
  readCard,
  readLabelledInputs,
  readModel,
  readRun,
  readTrainingData,
  takeSource,
  trainRun,
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
