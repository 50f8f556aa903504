import type { LayerArtifacts } from '@jetsdk/jets';
import { type GraphCost, summariseGraph } from '@jetsdk/onnx';
import { type ExportOptions, exportModel } from './exportModel.js';

/**
 * What a network costs for one jet, as the file that is made of it: normalisations that go into the convolution in front
 * of them cost nothing there.
 *
 * @param artifacts topology and weights, fresh ones too; not modified
 * @throws {JetError} as `exportModel`
 */
export function networkCost(artifacts: LayerArtifacts, options: Pick<ExportOptions, 'inputShapes'> = {}): GraphCost {
  const { layers: _, ...cost } = summariseGraph(exportModel(artifacts, options).graph);
  return cost;
}
