/** @file Images of jets in the layout of LAGAN, with the class of each. */
import { JetError } from '../errors.js';
import type { Tensor } from '../tensor.js';
import { type FileInput, inputName } from './host.js';
import { type ReadArraysOptions, readArrays } from './readArrays.js';

/** Images of jets as LAGAN has them. */
export interface LaganJets {
  /** (n, η, φ) GeV */
  readonly image: Tensor;
  /** (n,) 1 for the signal, 0 for others */
  readonly signal: Float32Array;
}

/**
 * Reads `image` (n, η, φ) and `signal`, (n,) or (n, 1): what `jetFlow` learns from and `compareJetImages` takes.
 *
 * @throws {JetError} as `readArrays`; BAD_DATASET for other shapes
 * @see de Oliveira, Paganini, Nachman: arXiv:1701.05927
 */
export async function readLagan(input: FileInput, options: ReadArraysOptions = {}): Promise<LaganJets> {
  const { image, signal } = await readArrays(input, ['image', 'signal'], options);
  if (image.shape.length !== 3 || signal.data.length !== signal.shape[0])
    throw new JetError(
      'BAD_DATASET',
      `${inputName(input)}: image of shape (${image.shape.join(', ')}), signal of (${signal.shape.join(', ')}); expected (n, η, φ) and one per jet, (n,) or (n, 1)`,
      { image: image.shape, signal: signal.shape },
    );
  return { image, signal: signal.data };
}
