/** @file What the folder of a flow says, and reading it strictly. */
import { type Check, count, finite, listOf, object, oneOf, type Place, text, whole } from '@jetsdk/jets/json';
import { seed } from '../fit/settings.js';
import type { FlowEpoch } from '../flow/fitFlow.js';
import type { FlowDefaults } from '../flow/flowCode.js';
import { pair, type ReadImageDataset, readImageDataset } from './imageDataset.js';

/** How a flow is trained. */
export interface FlowSettings extends FlowDefaults {
  readonly seed: number;
}

/** Content of `run.json`. */
export interface FlowRun {
  readonly format: 'jetsdk-flow-run/1';
  readonly sdkVersion: string;
  /** name of the kind of flow, such as calo-flow */
  readonly network: string;
  readonly settings: FlowSettings;
  readonly dataset: ReadImageDataset;
  readonly parameters: number;
  readonly backend: string;
}

const run: Check<FlowRun> = object({
  format: oneOf('jetsdk-flow-run/1'),
  sdkVersion: text,
  network: text,
  settings: object({
    seed,
    epochs: count,
    batchSize: count,
    learningRate: finite,
    units: pair,
    blocks: count,
    steps: count,
  }),
  dataset: readImageDataset,
  parameters: count,
  backend: text,
});

const epochs: Check<readonly FlowEpoch[]> = listOf(
  object({ epoch: whole(1), loss: finite, valLoss: finite, learningRate: finite, seconds: finite }),
);

const history = object({ format: oneOf('jetsdk-flow-history/1'), epochs });
const state = object({ history: epochs, steps: count, each: count, moved: count }, 'dropped');

const placed = (where: string): Place => ({ where, code: 'BAD_FILE' });

/** @throws {JetError} BAD_FILE naming the key */
export const parseFlowRun = (value: unknown, where: string): FlowRun => run(value, placed(where));

/** @throws {JetError} BAD_FILE naming the key */
export const parseFlowHistory = (value: unknown, where: string): readonly FlowEpoch[] =>
  history(value, placed(where)).epochs;

/** What the state after an epoch says of its arrays. @throws {JetError} BAD_FILE naming the key */
export const parseFlowState = (value: unknown, where: string) => state(value, placed(where));
