import { type InputForm, JetError, namedRecipe, pixelateOf, type Recipe } from '@jetsdk/jets';
import type { Network } from '@jetsdk/train';

export interface FormFlags {
  readonly recipe?: Recipe;
  readonly constituents?: number;
}

/**
 * What a network takes of a jet: constituents, or images by the recipe that was chosen, else its own.
 *
 * @returns undefined for images as they are
 * @throws {JetError} BAD_ARGUMENT for a choice that does not fit it
 */
export function networkForm(network: Network, { recipe, constituents }: FormFlags): InputForm | undefined {
  const { name = 'network', inputShape } = network;
  if (network.recipe === 'constituents' || (network.recipe === undefined && inputShape?.length === 2)) {
    const count = constituents ?? inputShape?.[0];
    if (recipe !== undefined || count === undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `${name} takes constituents; expected ${recipe === undefined ? 'their number; name it with --constituents' : 'no --recipe; leave it out'}`,
      );
    return { constituents: count };
  }
  if (constituents !== undefined)
    throw new JetError('BAD_ARGUMENT', `${name} takes images; expected no --constituents; leave it out`);
  return recipe ?? (typeof network.recipe === 'string' ? namedRecipe(network.recipe) : network.recipe);
}

/** Shape of one jet that the network gets; undefined where only the jets tell. */
export function shapeOf(network: Network, form: InputForm | undefined): readonly number[] | undefined {
  if (form === undefined) return network.inputShape;
  if ('constituents' in form) return [form.constituents, 4];
  const { pixels, channels } = pixelateOf(form);
  return [pixels, pixels, channels.length];
}
