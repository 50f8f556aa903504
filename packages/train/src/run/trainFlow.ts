/** @file The training of a flow in a folder: resumable, with history. */
import { join } from 'node:path';
import { type Flow, JetError, type LayerWeight, requireMembers, requireText, SDK_VERSION } from '@jetsdk/jets';
import { makeFolder } from '@jetsdk/jets/files';
import { selectedBackend } from '../backend/backend.js';
import { type FitFlowOptions, type FlowState, fitFlow } from '../flow/fitFlow.js';
import type { CodeOptions, FlowKind } from '../flow/flowCode.js';
import { flowNetwork } from '../flow/flowNetwork.js';
import { sampleFlow } from '../flow/sampleFlow.js';
import { artifactsOf } from '../model/artifacts.js';
import { writeLayersModel } from '../model/layersModel.js';
import { loadLayersModel } from '../model/loadModel.js';
import { type DescribedWeight, readFlowHeader } from './flowHeader.js';
import { type FlowRun, type FlowSettings, parseFlowHistory, parseFlowRun, parseFlowState } from './flowRun.js';
import type { ImageDataset } from './imageDataset.js';
import { readNumbers, writeNumbers } from './numbersFile.js';
import { readJson, writeJson } from './runFiles.js';
import { hashOf, holdsSameRun } from './runFolder.js';
import { writeSamples } from './samples.js';

export type { FlowRun, FlowSettings };

const FLOW = 'JETFLOW1';
const STATE = 'JETFLST1';

export interface FlowRequest {
  readonly settings: FlowSettings;
  readonly dataset: ImageDataset;
  /** true: go on with the run in the folder, if there is one */
  readonly resume?: boolean;
  /** epochs from one file of samples to the next; default: eight files in all */
  readonly sampleEvery?: number;
}

export interface FlowCallbacks extends Pick<FitFlowOptions, 'onBatch' | 'onEpoch' | 'signal'> {
  /** while the code is learnt, and then while the data are coded */
  readonly onCode?: CodeOptions['onProgress'];
}

/**
 * Trains a generator in a folder, which then holds `run.json`, `history.json`, `flow.bin` (code and
 * formulas), `model.json` with the averaged weights, `samples` with what it made of the same noise every few epochs, and the state after the last epoch. After an interruption the same
 * call with `resume` ends with the same weights, bit for bit.
 *
 * @param training @param validation not modified
 * @throws {JetError} BAD_ARGUMENT if the folder holds a run that differs or is not to be resumed; as `kind.learn` and
 *   `fitFlow`
 */
export async function trainFlow<Data>(
  folder: string,
  kind: FlowKind<Data>,
  request: FlowRequest,
  training: Data,
  validation: Data,
  { onCode, ...callbacks }: FlowCallbacks = {},
): Promise<FlowRun> {
  requireText('trainFlow', folder, 'a folder to write to');
  requireMembers('trainFlow', request, ['settings', 'dataset'], 'what to train, { settings, dataset }');
  const { settings, dataset, resume = false } = request;
  const sampling = { ...settings, every: request.sampleEvery };
  const { seed, units, blocks, steps, ...fitting } = settings;
  await makeFolder(folder);
  const coding = { seed, onProgress: onCode, signal: callbacks.signal };
  const code = await kind.learn(training, coding);
  const features = code.features.outputs[0].shape[0];
  const network = flowNetwork({ parts: code.parts, units, blocks, features, seed });
  try {
    const run: FlowRun = {
      format: 'jetsdk-flow-run/1',
      sdkVersion: SDK_VERSION,
      network: kind.name,
      settings,
      dataset: { ...dataset, fingerprint: hashOf(kind.arrays(training)) },
      parameters: network.countParams(),
      backend: selectedBackend(),
    };
    const before = (await holdsSameRun(folder, run, { resume, parse: parseFlowRun }))
      ? await readState(folder)
      : undefined;
    await writeNumbers(
      join(folder, 'flow.bin'),
      FLOW,
      {
        conditions: code.conditions,
        parts: code.parts,
        steps,
        features: { ...code.features, constants: code.features.constants.map(described) },
        decode: { ...code.decode, constants: code.decode.constants.map(described) },
      },
      [...code.features.constants, ...code.decode.constants].map(({ data }) => data),
    );
    await writeJson(join(folder, 'run.json'), run);
    const shapes = network.weights.map((weight) => ({ name: weight.originalName, shape: weight.shape.map(Number) }));
    const { topology } = await artifactsOf(network);
    await fitFlow(network, await code.encode(training, coding), {
      ...fitting,
      ...callbacks,
      seed,
      validation: await code.encode(validation, { ...coding, onProgress: undefined }),
      ...(before && { resume: before }),
      async onState(state) {
        const weights = shapes.map((one, i): LayerWeight => ({ ...one, data: state.averaged[i] }));
        await writeLayersModel(folder, { topology, weights });
        const { conditions, parts, features, decode } = code;
        const flow: Flow = { conditions, parts, steps, features, decode, network: { topology, weights } };
        await writeSamples(folder, state.history.length, sampling, {
          conditions,
          noise: parts.reduce((sum, columns) => sum + columns, 0),
          sample: (noise, asked) => sampleFlow(flow, noise, asked),
        });
        await writeJson(join(folder, 'history.json'), { format: 'jetsdk-flow-history/1', epochs: state.history });
        await writeState(join(folder, 'state.bin'), state);
      },
    });
    return run;
  } finally {
    network.dispose();
  }
}

/** A trained flow as read from its folder; a backend must have been selected. */
export interface LoadedFlow {
  readonly flow: Flow;
  readonly run: FlowRun;
  readonly epochs: FlowState['history'];
}

/** @throws {JetError} FILE_NOT_FOUND if it holds no run or no epoch was finished; BAD_FILE, BAD_MODEL if it is damaged */
export async function loadFlow(folder: string): Promise<LoadedFlow> {
  requireText('loadFlow', folder, 'the folder of a run');
  const run = await readJson(join(folder, 'run.json'), parseFlowRun);
  const epochs = await readJson(join(folder, 'history.json'), parseFlowHistory);
  const path = join(folder, 'flow.bin');
  const stored = await readNumbers(path, FLOW);
  if (stored === undefined)
    throw new JetError(
      'BAD_FILE',
      `${folder}: a run of another kind; expected one of a flow, such as \`jetsdk train calo-flow\``,
      { folder },
    );
  const flow = readFlowHeader(stored.header, stored.arrays, path);
  return { flow: { ...flow, network: await loadLayersModel(join(folder, 'model.json')) }, run, epochs };
}

const described = ({ name, shape }: LayerWeight): DescribedWeight => ({ name, shape });

async function writeState(path: string, { history, weights, averaged, optimizer }: FlowState): Promise<void> {
  await writeNumbers(
    path,
    STATE,
    { history, steps: optimizer.steps, each: weights.length, moved: optimizer.means.length },
    [...weights, ...averaged, ...optimizer.means, ...optimizer.squares],
  );
}

async function readState(folder: string): Promise<FlowState | undefined> {
  const stored = await readNumbers(join(folder, 'state.bin'), STATE);
  if (stored === undefined) return undefined;
  const { history, steps, each, moved } = parseFlowState(stored.header, join(folder, 'state.bin'));
  const take = (from: number, count: number): Float32Array[] => stored.arrays.slice(from, from + count);
  return {
    history,
    weights: take(0, each),
    averaged: take(each, each),
    optimizer: { steps, means: take(2 * each, moved), squares: take(2 * each + moved, moved) },
  };
}
