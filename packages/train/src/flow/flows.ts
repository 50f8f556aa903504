/** @file The generators that are flows, by name. */
import type { FlowKind } from './flowCode.js';
import { fitJetCode, type JetExamples } from './jetCode.js';
import { fitShowerCode } from './showerCode.js';
import type { Showers } from './showerGeometry.js';

/** Showers in three layers of a calorimeter, by the energy of their particle. */
export const caloFlow: FlowKind<Showers> = {
  name: 'calo-flow',
  task: 'showers in three layers of a calorimeter',
  unit: 'MeV',
  defaults: { epochs: 12, batchSize: 256, learningRate: 1e-3, units: [64, 256], blocks: 2, steps: 6 },
  learn: fitShowerCode,
  arrays: ({ layers, energy }) => [...layers.map(({ data }) => data), energy],
};

/** Images of jets of two classes. */
export const jetFlow: FlowKind<JetExamples> = {
  name: 'jet-flow',
  task: 'images of W and QCD jets',
  unit: 'GeV',
  defaults: { epochs: 14, batchSize: 512, learningRate: 1e-3, units: [96, 256], blocks: 2, steps: 6 },
  learn: fitJetCode,
  arrays: ({ image, signal }) => [image.data, signal],
};

export const flows = [caloFlow, jetFlow] as const;
