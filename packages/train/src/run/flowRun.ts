/** @file What the folder of a flow says, and reading it strictly. */
import {
  type Check,
  count,
  finite,
  listOf,
  object,
  oneOf,
  optional,
  type Place,
  sha256,
  text,
  whole,
} from '@jetsdk/jets/json';
import type { FlowEpoch } from '../flow/fitFlow.js';
import type { FlowDefaults } from '../flow/flowCode.js';

/** How a flow is trained. */
export interface FlowSettings extends FlowDefaults {
  readonly seed: number;
}

/** Where showers or jets came from. */
export interface FlowDataset {
  readonly name: string;
  /** SHA-256 of the file, hexadecimal */
  readonly hash?: string;
  /** the first, and the one after the last */
  readonly rows: readonly [number, number];
}

/** Content of `run.json`. */
export interface FlowRun {
  readonly format: 'jetsdk-flow-run/1';
  readonly sdkVersion: string;
  /** name of the kind of flow, such as calo-flow */
  readonly network: string;
  readonly settings: FlowSettings;
  readonly dataset: FlowDataset & { readonly fingerprint: string };
  readonly parameters: number;
  readonly backend: string;
}

const pair: Check<readonly [number, number]> = (value, at) => {
  const [first, second] = listOf(count, 2, 2)(value, at);
  return [first, second];
};

const run: Check<FlowRun> = object({
  format: oneOf('jetsdk-flow-run/1'),
  sdkVersion: text,
  network: text,
  settings: object({
    seed: whole(0, 2 ** 32 - 1),
    epochs: count,
    batchSize: count,
    learningRate: finite,
    units: pair,
    blocks: count,
    steps: count,
  }),
  dataset: object({ name: text, hash: optional(sha256), rows: pair, fingerprint: sha256 }),
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
