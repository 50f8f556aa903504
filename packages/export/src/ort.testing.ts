/** @file ONNX Runtime for the tests. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RunModel } from './certify/certify.js';
import type { TensorData } from './certify/feeds.js';

/** Runs on the CPU of this machine, one thread. */
export const runOrt: RunModel = async (model, inputs) => {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [name, new Tensor('float32', data, shape)]),
  );
  const made = await session.run(feeds);
  const outputs: Record<string, TensorData> = {};
  for (const [name, tensor] of Object.entries(made))
    outputs[name] = { shape: [...tensor.dims], data: Float32Array.from(tensor.data as Float32Array) };
  await session.release();
  return outputs;
};
