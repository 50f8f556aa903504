import { JetError, quoted } from '@jetsdk/jets';
import { zoo } from '../zoo/index.js';

/** Networks whose build function needs nothing but what it is given. */
const WHOLE = [
  'course-cnn',
  'course-dense',
  'tutorial-cnn',
  'jet-images-conv',
  'constituent-dnn',
  'landscape-cnn',
  'landscape-resnet',
] as const;

/**
 * A module to begin a network of your own with: that of the zoo, under another name, with comments.
 *
 * @throws {JetError} BAD_ARGUMENT for a network that does not stand in one file
 */
export function networkTemplate(like: string): string {
  const name = WHOLE.find((one) => one === like);
  if (name === undefined)
    throw new JetError('BAD_ARGUMENT', `network ${quoted(like)} as a beginning; expected one of ${WHOLE.join(', ')}`);
  const { recipe, inputShape, outputs, defaults, settings, build } = zoo[name];
  const value = (of: unknown): string => JSON.stringify(of);
  return `// Begun as ${name}. Train it: jetsdk train ./THIS.mjs --data jets.h5 -o run
export default {
  description: ${value(`begun as ${name}`)},
  // how constituents become images; "constituents" for four-vectors
  recipe: ${value(recipe)},
  // of one jet
  inputShape: ${value(inputShape)},
  // 1: signal probability by a sigmoid; 2 and more: a softmax
  outputs: ${outputs},
  // how it is trained unless told otherwise
  defaults: ${value(defaults)},
  // what --set may choose, e.g. --set NAME=VALUE
  settings: ${value(settings)},
  // layers: those of TensorFlow.js and of Jet SDK, as in Keras; their weights follow from --seed
  ${build.toString()},
};
`;
}
