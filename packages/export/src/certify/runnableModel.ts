import type { Feeds } from './feeds.js';

/** A model opened in a runtime, as it will score. */
export interface RunnableModel {
  /** e.g. `onnxruntime-node 1.30.0 cpu` */
  readonly runtime: string;
  /** how the graph was changed before it ran, e.g. `merged-pooling`, where the runtime tells */
  readonly optimisation?: string;
  run(inputs: Feeds): Promise<Feeds>;
  close(): Promise<void>;
}

/** Opens the bytes of an ONNX file; the caller brings the runtime, e.g. `openModel` of `@jetsdk/infer`. */
export type OpenModel = (model: Uint8Array) => Promise<RunnableModel>;

/** Opens models, uses them, and closes them whatever happens. */
export async function usingModels<T>(
  open: OpenModel,
  files: readonly Uint8Array[],
  use: (...models: RunnableModel[]) => Promise<T>,
): Promise<T> {
  const models: RunnableModel[] = [];
  try {
    for (const file of files) models.push(await open(file));
    return await use(...models);
  } finally {
    for (const model of models) await model.close();
  }
}

/** What a certificate says of the runtime. */
export const ranOn = ({ runtime, optimisation }: RunnableModel): { runtime: string; optimisation?: string } => ({
  runtime,
  ...(optimisation !== undefined && { optimisation }),
});
