import { JetError, quoted } from '@jetsdk/jets';
import { oneViewModel } from '../zoo/cvn.js';
import { cvnModel } from '../zoo/cvnTower.js';
import { twoViewModel } from '../zoo/cvnTwoView.js';
import { type NetworkName, type ZooNetwork, zoo } from '../zoo/index.js';
import { maxoutModel } from '../zoo/jetImagesMaxout.js';
import { fineModel } from '../zoo/landscapeFine.js';
import { ptModel } from '../zoo/landscapePt.js';
import { coarseModel } from '../zoo/landscapeResnet.js';
import { residualModel } from '../zoo/residualModel.js';
import { flatSettings } from './settings.js';

/** Functions that stand beside the network; the first makes it and is given the others. */
const PARTS: Readonly<Partial<Record<NetworkName, readonly { readonly name: string }[]>>> = {
  'jet-images-maxout': [maxoutModel],
  'landscape-resnet': [coarseModel, residualModel],
  'landscape-fine': [fineModel, residualModel],
  'landscape-pt': [ptModel, residualModel],
  cvn: [oneViewModel, cvnModel],
  'cvn-two-view': [twoViewModel, cvnModel],
};

/**
 * A module to begin a network of your own with: that of the zoo, under another name, with comments.
 *
 * @throws {JetError} BAD_ARGUMENT for a name that is not in the zoo
 */
export function networkTemplate(like: string): string {
  if (!Object.hasOwn(zoo, like))
    throw new JetError(
      'BAD_ARGUMENT',
      `network ${quoted(like)} as a beginning; expected one of ${Object.keys(zoo).join(', ')}`,
    );
  const name = like as NetworkName;
  const { recipe, inputShape, outputs, defaults, settings, meanings, build }: ZooNetwork = zoo[name];
  const parts = PARTS[name] ?? [];
  const value = (of: unknown): string => JSON.stringify(of);
  const [make, ...helpers] = parts.map((part) => part.name);
  const [setting] = Object.keys(flatSettings(settings));
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
  // what --set may choose, e.g. --set ${setting ?? 'NAME'}=VALUE
  settings: ${value(settings ?? {})},
  // what they mean, for --help
  meanings: ${value(meanings ?? {})},
  // layers: those of TensorFlow.js and of Jet SDK, as in Keras; their weights follow from --seed
  ${make === undefined ? sourceOf(build) : `build: (context) => ${make}(${['context', ...helpers].join(', ')})`},
};
${parts.map((part) => `\n${sourceOf(part)}\n`).join('')}`;
}

/** A function as it is written, with the two spaces of the rest where the compiler wrote four. */
const sourceOf = (part: object): string =>
  String(part).replace(/^(?: {4})+/gm, (spaces) => spaces.slice(spaces.length / 2));
