/** @file What can be trained by its name: known without TensorFlow.js, which would take long to load. */
import { extname } from 'node:path';
import { JetError, nearestName, quoted } from '@jetsdk/jets';

/** Those of `zoo`. */
export const NETWORKS = [
  'course-cnn',
  'course-dense',
  'tutorial-cnn',
  'jet-images-maxout',
  'jet-images-conv',
  'constituent-dnn',
  'landscape-cnn',
  'landscape-resnet',
  'landscape-fine',
  'landscape-pt',
  'cvn',
  'cvn-two-view',
];

/** Those of `regressors`. */
export const REGRESSORS = ['pumml', 'pumml-resnet', 'pumml-fine'];

/** Those of `flows` and of `gans`. */
export const GENERATORS = ['calo-flow', 'jet-flow', 'lagan', 'calogan'];

export const TRAINABLE = [...NETWORKS, ...REGRESSORS, ...GENERATORS];

/** @throws {JetError} BAD_ARGUMENT for a name of nothing; files have an ending, and are not looked at */
export function requireTrainable(network: string): void {
  if (extname(network) !== '' || TRAINABLE.includes(network)) return;
  throw new JetError(
    'BAD_ARGUMENT',
    `network ${quoted(network)}; expected ${TRAINABLE.join(', ')}, or a file that ends with .mjs, .js, .ts, .json, .keras or .h5; did you mean ${nearestName(network, TRAINABLE)}?`,
    { network },
  );
}
