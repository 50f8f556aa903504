/** @file What each kind of flow is trained on and measured with: data of files, and how generated ones compare. */
import { type Measured, measuredJetImages, measuredShowers } from '@jetsdk/eval/generation';
import type { Generated } from '@jetsdk/infer';
import { JetError } from '@jetsdk/jets';
import { readArrays } from '@jetsdk/jets/files';
import type { BookPicture } from '@jetsdk/plots';
import { caloFlow, type FlowKind, type JetExamples, jetFlow, type Showers } from '@jetsdk/train';

import { jetPictures, showerPictures } from './generatedPictures.js';

/** The first row, and the one after the last; undefined for all. */
export type Rows = readonly [start: number, stop: number | undefined];

/** A kind of flow with its data. */
export interface FlowTask<Data> {
  readonly kind: FlowKind<Data>;
  readonly things: string;
  /** whether the training sees mirror images as well */
  readonly mirrored: boolean;
  read(path: string, rows: Rows): Promise<Data>;
  count(data: Data): number;
  /** [start, stop), on the same memory */
  some(data: Data, start: number, stop: number): Data;
  /** what a generator is asked for to make data like these */
  conditions(data: Data): Readonly<Record<string, Float32Array>>;
  /** what was generated at the conditions of other data */
  made(outputs: Generated['outputs'], like: Data): Data;
  measured(data: Data): Measured;
  /** of a report: the mean, single ones, and those most alike */
  pictures(simulated: Data, generated: Data): readonly BookPicture[];
}

const LAYERS = ['layer_0', 'layer_1', 'layer_2'] as const;

/** Showers in the layout of CaloGAN: three layers in MeV, energies in GeV. */
export const SHOWERS: FlowTask<Showers> = {
  kind: caloFlow,
  things: 'showers',
  mirrored: true,
  async read(path, rows) {
    const { energy, ...layers } = await readArrays(path, [...LAYERS, 'energy'], { rows });
    if (energy.data.length !== energy.shape[0])
      throw new JetError(
        'BAD_DATASET',
        `${path}: energy of shape (${energy.shape.join(', ')}); expected one per shower`,
      );
    return { layers: LAYERS.map((name) => layers[name]), energy: energy.data };
  },
  count: ({ energy }) => energy.length,
  some: ({ layers, energy }, start, stop) => ({
    layers: layers.map(({ shape: [, x, y], data }) => ({
      shape: [stop - start, x, y],
      data: data.subarray(start * x * y, stop * x * y),
    })),
    energy: energy.subarray(start, stop),
  }),
  conditions: ({ energy }) => ({ energy }),
  made: (outputs, { energy }) => ({ layers: LAYERS.map((name) => outputs[name]!), energy }),
  measured: measuredShowers,
  pictures: showerPictures,
};

/** Jets in the layout of LAGAN: images in GeV, and their class. */
export const JETS: FlowTask<JetExamples> = {
  kind: jetFlow,
  things: 'jets',
  mirrored: false,
  async read(path, rows) {
    const { image, signal } = await readArrays(path, ['image', 'signal'], { rows });
    if (signal.data.length !== signal.shape[0])
      throw new JetError('BAD_DATASET', `${path}: signal of shape (${signal.shape.join(', ')}); expected one per jet`);
    return { image, signal: signal.data };
  },
  count: ({ signal }) => signal.length,
  some: (
    {
      image: {
        shape: [, height, width],
        data,
      },
      signal,
    },
    start,
    stop,
  ) => ({
    image: {
      shape: [stop - start, height, width],
      data: data.subarray(start * height * width, stop * height * width),
    },
    signal: signal.subarray(start, stop),
  }),
  conditions: ({ signal }) => ({ signal }),
  made: (outputs, { signal }) => ({ image: outputs['image']!, signal }),
  measured: measuredJetImages,
  pictures: jetPictures,
};

/** Calls with the task of a network, whatever its data are. @throws {JetError} BAD_ARGUMENT for a network that is no flow */
export function withTask<Result>(network: string, call: <Data>(task: FlowTask<Data>) => Result): Result {
  if (network === SHOWERS.kind.name) return call(SHOWERS);
  if (network === JETS.kind.name) return call(JETS);
  throw new JetError('BAD_ARGUMENT', `flow: network ${network}; expected ${SHOWERS.kind.name} or ${JETS.kind.name}`, {
    network,
  });
}
