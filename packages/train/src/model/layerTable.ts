import type { LayersModel, layers } from '@tensorflow/tfjs-layers';

/** A layer of a network. */
export interface LayerRow {
  readonly name: string;
  /** its class, as Keras and TensorFlow.js call it */
  readonly kind: string;
  /** of what it makes of one jet; undefined for a length that is open */
  readonly shape: readonly (number | undefined)[];
  readonly parameters: number;
  /** how many of them are learned */
  readonly trainable: number;
  /** absent for none, and where it is the layer itself */
  readonly activation?: string;
  /** layers that it reads, by their place in the list; empty for those that read the jets */
  readonly inputs: readonly number[];
}

/** The layers of a network in the order in which they were made; a network inside of it is one layer. */
export function layerTable(model: LayersModel): readonly LayerRow[] {
  return model.layers.map((layer) => {
    const { activation } = layer.getConfig();
    const [shape] = Array.isArray(layer.outputShape[0])
      ? (layer.outputShape as (number | null)[][])
      : [layer.outputShape as (number | null)[]];
    const kind = layer.getClassName();
    const named = typeof activation === 'string' && activation !== 'linear' && kind !== 'Activation';
    return {
      name: layer.name,
      kind: kind === 'Activation' ? `Activation ${String(activation)}` : kind,
      shape: shape.slice(1).map((length) => length ?? undefined),
      parameters: layer.countParams(),
      trainable: layer.trainableWeights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0),
      ...(named && { activation }),
      inputs: inputsOf(layer, model.layers),
    };
  });
}

const sizeOf = (shape: readonly (number | null)[]): number =>
  shape.reduce<number>((product, length) => product * (length ?? 1), 1);

function inputsOf(layer: layers.Layer, all: readonly layers.Layer[]): readonly number[] {
  const before = layer.inboundNodes.flatMap(({ inboundLayers }) => inboundLayers.map((one) => all.indexOf(one)));
  return [...new Set(before)].filter((at) => at >= 0);
}
