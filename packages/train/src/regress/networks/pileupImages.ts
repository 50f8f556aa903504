import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { RegressionContext } from '../network.js';

/** The inputs of a network that cleans the neutral momenta of a jet of pile-up. */
export interface PileupImages {
  /** in the order of the recipe */
  readonly images: SymbolicTensor[];
  readonly neutral: SymbolicTensor;
  /** charged momenta of other vertices, by finer pixels */
  readonly pileup: SymbolicTensor;
  /** charged momenta of the leading vertex, by finer pixels */
  readonly leading: SymbolicTensor;
  /** how many of the finer pixels make up the side of one of the neutral momenta */
  readonly finer: number;
}

/** Inputs for the images of the recipe `pumml`. */
export function pileupImages(
  layers: RegressionContext['layers'],
  { neutral, pileup, leading }: RegressionContext['inputs'],
): PileupImages {
  const [coarse, others, first] = Object.entries({ neutral, pileup, leading }).map(([name, shape]) =>
    layers.input({ name, shape: [...shape] }),
  );
  return {
    images: [coarse, others, first],
    neutral: coarse,
    pileup: others,
    leading: first,
    finer: pileup[0] / neutral[0],
  };
}
