import {
  type CardMean,
  type CardTraining,
  JetError,
  type ModelCard,
  type Recipe,
  recipeHash,
  requireMembers,
  SDK_VERSION,
} from '@jetsdk/jets';
import type { ExportedModel } from '../exportModel.js';

/** What only the author of a model can say of it. */
export type ModelIdentity = Pick<ModelCard, 'name' | 'version' | 'licence'>;

/** What a card says beside what the graph tells. */
export interface CardFacts extends ModelIdentity {
  /** background, then signal; default `background` and `signal` */
  readonly classes?: readonly string[];
  /** how constituents become the model's images */
  readonly recipe?: Recipe;
  readonly training?: CardTraining;
  /** of the mean of several */
  readonly mean?: CardMean;
}

/**
 * The card of a model with one input and one output; the last class is the signal.
 *
 * @throws {JetError} UNSUPPORTED for several inputs or outputs
 */
export function newCard(model: Pick<ExportedModel, 'inputs' | 'outputs'>, facts: CardFacts): ModelCard {
  requireMembers('newCard', model, ['inputs', 'outputs'], 'a model; exportModel gives one');
  requireMembers('newCard', facts, ['name'], 'facts for the card, { name, … }');
  const { inputs, outputs } = model;
  const { name, version, licence, classes = ['background', 'signal'], recipe, training, mean } = facts;
  const [input] = inputs;
  const [output] = outputs;
  if (input === undefined || output === undefined || inputs.length + outputs.length > 2)
    throw new JetError(
      'UNSUPPORTED',
      `newCard: ${inputs.length} inputs and ${outputs.length} outputs; expected one of each, which a card describes`,
      { inputs: inputs.length, outputs: outputs.length },
    );
  const images = input.shape.length === 3;
  const signalClass = classes[classes.length - 1];
  return {
    format: 'jetsdk-card/1',
    name,
    ...(version !== undefined && { version }),
    task: `${signalClass} against ${classes.slice(0, -1).join(', ')} jets`,
    classes,
    signalClass,
    input: { ...input, kind: images ? 'images' : 'constituents', layout: images ? 'NHWC' : 'NMC' },
    output: {
      name: output.name,
      kind: output.name === 'score' || output.name === 'probabilities' ? output.name : 'values',
    },
    ...(recipe !== undefined && { recipe, recipeHash: recipeHash(recipe) }),
    ...(training !== undefined && { training }),
    ...(mean !== undefined && { mean }),
    sdkVersion: SDK_VERSION,
    ...(licence !== undefined && { licence }),
  };
}
