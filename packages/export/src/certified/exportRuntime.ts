import type { RunModel } from '../certify/certify.js';

/** Whatever runs ONNX models, handed in by the caller. */
export interface ExportRuntime {
  readonly run: RunModel;
  /** what a model runs on, e.g. `onnxruntime-node 1.30.0 cpu` */
  name(model: Uint8Array): Promise<string>;
}
