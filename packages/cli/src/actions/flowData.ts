/** @file What each kind of flow is trained on and measured with: data of files, and how generated ones compare. */
import {
  jetImageCells,
  type Measured,
  measuredJetImages,
  measuredShowers,
  type Sample,
  showerCells,
} from '@jetsdk/eval/generation';
import { JetError, type Tensor } from '@jetsdk/jets';
import { readCaloGan, readLagan } from '@jetsdk/jets/files';
import { caloFlow, type FlowKind, type JetExamples, jetFlow, type Showers } from '@jetsdk/train';
import { type Drawing, JET_DRAWING, SHOWER_DRAWING } from './generatedPictures.js';

/** The first row, and the one after the last; undefined for all. */
export type Rows = readonly [start: number, stop: number | undefined];

/** A kind of flow with its data. */
export interface FlowTask<Data> {
  readonly kind: FlowKind<Data>;
  readonly thing: string;
  readonly things: string;
  /** what images are made of */
  readonly cell: 'cell' | 'pixel';
  /** names of what a generator gives */
  readonly outputs: readonly string[];
  /** of a file: the outputs, and what they were made for */
  readonly columns: readonly string[];
  /** whether the training sees mirror images as well */
  readonly mirrored: boolean;
  read(path: string, rows: Rows): Promise<Data>;
  count(data: Data): number;
  /** [start, stop), on the same memory */
  some(data: Data, start: number, stop: number): Data;
  /** what a generator is asked for to make data like these */
  conditions(data: Data): Readonly<Record<string, Float32Array>>;
  made(generated: {
    readonly outputs: Readonly<Record<string, Tensor>>;
    readonly conditions: Readonly<Record<string, Float32Array>>;
  }): Data;
  measured(data: Data): Measured;
  /** cells or pixels as columns */
  cells(data: Data): Sample;
  /** what a network is told of each row: what was asked for, and cells or pixels, all about 1 */
  told(data: Data): Sample;
  readonly drawing: Drawing<Data>;
}

const LAYERS = ['layer_0', 'layer_1', 'layer_2'] as const;

/** Showers in the layout of CaloGAN: three layers in MeV, energies in GeV. */
export const SHOWERS: FlowTask<Showers> = {
  kind: caloFlow,
  thing: 'shower',
  things: 'showers',
  cell: 'cell',
  outputs: LAYERS,
  columns: [...LAYERS, 'energy'],
  mirrored: true,
  read: (path, rows) => readCaloGan(path, { rows }),
  count: ({ energy }) => energy.length,
  some: ({ layers, energy }, start, stop) => ({
    layers: layers.map(({ shape: [, x, y], data }) => ({
      shape: [stop - start, x, y],
      data: data.subarray(start * x * y, stop * x * y),
    })),
    energy: energy.subarray(start, stop),
  }),
  conditions: ({ energy }) => ({ energy }),
  made: ({ outputs, conditions }) => ({
    layers: LAYERS.map((name) => outputs[name]),
    energy: conditions['energy'],
  }),
  measured: measuredShowers,
  cells: showerCells,
  told: (showers) =>
    toldOf(
      showerCells(showers),
      (row) => Math.log10(showers.energy[row]),
      // per cent of the energy, which is in GeV
      (row) => 0.1 / showers.energy[row],
    ),
  drawing: SHOWER_DRAWING,
};

/** Jets in the layout of LAGAN: images in GeV, and their class. */
export const JETS: FlowTask<JetExamples> = {
  kind: jetFlow,
  thing: 'jet',
  things: 'jets',
  cell: 'pixel',
  outputs: ['image'],
  columns: ['image', 'signal'],
  mirrored: false,
  read: (path, rows) => readLagan(path, { rows }),
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
  made: ({ outputs, conditions }) => ({ image: outputs['image'], signal: conditions['signal'] }),
  measured: measuredJetImages,
  cells: jetImageCells,
  told: (jets) =>
    toldOf(
      jetImageCells(jets),
      (row) => jets.signal[row],
      () => 1 / 100,
    ),
  drawing: JET_DRAWING,
};

/** @param asked first column @param scale of the cells of a row */
function toldOf(
  { shape: [rows, width], data }: Sample,
  asked: (row: number) => number,
  scale: (row: number) => number,
): Sample {
  const told = new Float64Array(rows * (width + 1));
  for (let row = 0, at = 0; row < rows; row++) {
    told[at++] = asked(row);
    for (let i = row * width; i < (row + 1) * width; i++) told[at++] = data[i] * scale(row);
  }
  return { shape: [rows, width + 1], data: told };
}

/** Calls with the task of a network, whatever its data are. @throws {JetError} BAD_ARGUMENT for a network that is no flow */
export function withTask<Result>(network: string, call: <Data>(task: FlowTask<Data>) => Result): Result {
  if (network === SHOWERS.kind.name) return call(SHOWERS);
  if (network === JETS.kind.name) return call(JETS);
  throw new JetError('BAD_ARGUMENT', `flow: network ${network}; expected ${SHOWERS.kind.name} or ${JETS.kind.name}`, {
    network,
  });
}
