/** @file What a network is made of and what it costs for one jet: of a network, a run or an ONNX file. */
import { networkCost } from '@jetsdk/export';
import { formatCount, isJetError, type LayerArtifacts, shortText } from '@jetsdk/jets';
import { costLines, type GraphLayer, type KnownCost, skimModel, summariseGraph } from '@jetsdk/onnx';
import { artifactsOf, buildNetwork, layerTable, modelOf, type Network } from '@jetsdk/train';
import { table } from './terminal.js';

/** One row. */
export interface SummaryLayer extends GraphLayer {
  readonly trainable?: number;
}

export interface NetworkSummary extends KnownCost {
  readonly name: string;
  readonly layers: readonly SummaryLayer[];
}

type Model = Awaited<ReturnType<typeof buildNetwork>>;

/** Of a network with fresh weights. @throws {JetError} as `buildNetwork` */
export async function summariseNetwork(
  network: Network,
  inputShape: readonly number[] | undefined,
  settings: Readonly<Record<string, string>> = {},
): Promise<NetworkSummary> {
  const model = await buildNetwork(network, { ...(inputShape && { inputShape }), settings, seed: 1 });
  try {
    return summaryOf(network.name ?? 'network', model, await artifactsOf(model));
  } finally {
    model.dispose();
  }
}

/** Of a trained network. @throws {JetError} as `modelOf` */
export async function summariseArtifacts(name: string, artifacts: LayerArtifacts): Promise<NetworkSummary> {
  const model = await modelOf(artifacts);
  try {
    return summaryOf(name, model, artifacts);
  } finally {
    model.dispose();
  }
}

/** Of an ONNX file. @throws {JetError} BAD_MODEL */
export function summariseOnnx(name: string, bytes: Uint8Array): NetworkSummary {
  const { layers, ...cost } = summariseGraph(skimModel(bytes).graph);
  return { name, layers, parameters: sum(layers.map(({ parameters }) => parameters)), cost };
}

function summaryOf(name: string, model: Model, artifacts: LayerArtifacts): NetworkSummary {
  const layers = layerTable(model);
  const counts = {
    parameters: sum(layers.map(({ parameters }) => parameters)),
    trainable: sum(layers.map(({ trainable }) => trainable)),
  };
  try {
    return { name, layers, ...counts, cost: networkCost(artifacts) };
  } catch (error) {
    if (!isJetError(error)) throw error;
    return { name, layers, ...counts, problem: error.message };
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

export const shapeText = (shape: SummaryLayer['shape']): string =>
  shape === undefined ? '?' : shape.map((length) => length ?? '?').join(' × ') || '1';

/** As a table for a terminal. */
export function summaryText(summary: NetworkSummary): string {
  const { layers } = summary;
  const known = layers.some(({ trainable }) => trainable !== undefined);
  const rows = layers.map(({ name, kind, shape, parameters, trainable = 0, activation = '', inputs }, i) => [
    shortText(name),
    shortText(kind),
    shapeText(shape),
    formatCount(parameters),
    ...(known ? [formatCount(trainable)] : []),
    activation,
    // what follows the row above it needs no word
    inputs.length === 1 && inputs[0] === i - 1 ? '' : inputs.map((at) => shortText(layers[at].name)).join(', '),
  ]);
  const header = ['layer', 'kind', 'output', 'parameters', ...(known ? ['trainable'] : []), 'activation', 'reads'];
  const used = header.map((title, i) => !['activation', 'reads'].includes(title) || rows.some((row) => row[i] !== ''));
  const columns = <T>(row: readonly T[]): readonly T[] => row.filter((_, i) => used[i]);
  return [shortText(summary.name), '', table(columns(header), rows.map(columns)), '', ...costLines(summary)].join('\n');
}
