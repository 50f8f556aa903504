/** @file ONNX Runtime for the tests. */

import type { Tensor } from '@jetsdk/jets';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Feeds } from './certify/feeds.js';
import { type OpenModel, usingModels } from './certify/runnableModel.js';

/** On the CPU of this machine, one thread. */
export const openOrt: OpenModel = async (model) => {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return {
    runtime: 'onnxruntime-node cpu',
    async run(inputs) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { data, shape }]) => [name, new OrtTensor('float32', data, shape)]),
      );
      const outputs: Record<string, Tensor> = {};
      for (const [name, tensor] of Object.entries(await session.run(feeds)))
        outputs[name] = { shape: [...tensor.dims], data: Float32Array.from(tensor.data as Float32Array) };
      return outputs;
    },
    close: () => session.release(),
  };
};

export const runOrt = (model: Uint8Array, inputs: Feeds): Promise<Feeds> =>
  usingModels(openOrt, [model], (opened) => opened.run(inputs));
