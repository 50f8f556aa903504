import type { RegressionNetwork } from '../network.js';
import { pumml } from './pumml.js';
import { pummlFine } from './pummlFine.js';
import { pummlResnet } from './pummlResnet.js';

/** Every network from images to an image, by the name the command line uses. */
export const regressors = {
  pumml,
  'pumml-resnet': pummlResnet,
  'pumml-fine': pummlFine,
} as const satisfies Readonly<Record<string, RegressionNetwork>>;

/** A name of `regressors`. */
export type RegressorName = keyof typeof regressors;
