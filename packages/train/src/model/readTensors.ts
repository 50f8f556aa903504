/** @file Reads tensors. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { fromCard, readsAtOnce } from '../backend/webgpu.js';

/**
 * The numbers of a tensor, which may be those of the backend itself.
 *
 * @throws {JetError} DEVICE_UNAVAILABLE if the graphics card is lost or reported an error
 */
export async function numbersOf(tensor: Tensor): Promise<Float32Array> {
  const numbers = readsAtOnce() ? tensor.dataSync() : await fromCard(tensor.data());
  return numbers as Float32Array;
}

/** Copies of the numbers of each tensor. */
export async function valuesOf(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  const values: Float32Array[] = [];
  for (const one of tensors) values.push(Float32Array.from(await numbersOf(one)));
  return values;
}
