/** @file What a flow is trained on: data as numbers that are about normal, and the formulas that go back. */
import type { Condition, Formula } from '@jetsdk/jets';
import type { FlowExamples } from './fitFlow.js';

export interface CodeOptions {
  /** an integer in [0, 2³²), of what is drawn where data do not decide */
  readonly seed: number;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How showers or jets become states of a flow, and the formulas that go back. */
export interface FlowCode<Data> {
  readonly conditions: readonly Condition[];
  /** columns of each part of the state */
  readonly parts: readonly number[];
  /** from the conditions to what the network is told of them */
  readonly features: Formula;
  readonly decode: Formula;
  /** States of data, several of each where it has mirror images. @throws {JetError} for what are no such data; CANCELLED */
  encode(data: Data, options: CodeOptions): Promise<FlowExamples>;
}

/** A kind of generator that is a flow behind a code. */
export interface FlowKind<Data> {
  readonly name: string;
  readonly task: string;
  /** of the outputs */
  readonly unit: string;
  readonly defaults: FlowDefaults;
  /** @throws {JetError} for what are no such data, or too few; CANCELLED */
  learn(data: Data, options: CodeOptions): Promise<FlowCode<Data>>;
  /** all numbers of the data */
  arrays(data: Data): readonly Float32Array[];
}

/** Settings of a training that are not said. */
export interface FlowDefaults {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** hidden units for the first part, and for the second */
  readonly units: readonly [number, number];
  readonly blocks: number;
  /** of the sampler */
  readonly steps: number;
}
