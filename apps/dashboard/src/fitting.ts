/** @file Which taggers can score the jets at hand, and what has to be said of those without a card. */
import type { ModelHints } from '@jetsdk/infer';
import { imager, isJetError, type JetError, type ModelCard, maySignal, type Recipe, recipeNames } from '@jetsdk/jets';
import type { Model, State } from './state.js';
import type { DataInfo } from './work/jetFile.js';
import type { ModelFacts, ModelPort } from './work/modelFile.js';

/** What the files and the visitor know of a model. */
type Known = Pick<Model, 'card' | 'facts' | 'hints'>;

/** The recipe whose images are shown unless the visitor chooses another: that of the leading tagger, where it has a name. */
export function usualRecipe({ registry, chosen }: Pick<State, 'registry' | 'chosen'>): string {
  const own = registry.find(({ id }) => id === chosen[0])?.card?.recipe?.name;
  return recipeNames.find((name) => name === own) ?? 'iml-40';
}

/** Why a tagger cannot score the jets; undefined where nothing speaks against it. */
export function obstacle({ card, facts, hints }: Known, data: DataInfo): string | undefined {
  if (card !== undefined) {
    if (card.output.kind === 'values') return 'It gives values, not scores.';
    return inputObstacle(card.input.kind, card.input.shape, card.recipe, data);
  }
  if (facts === undefined) return undefined;
  if (facts.inputs.length !== 1) return `It takes ${facts.inputs.length} inputs; one array a jet is given here.`;
  return missing(facts, hints, data);
}

function inputObstacle(
  kind: 'images' | 'constituents',
  shape: readonly number[],
  recipe: Recipe | undefined,
  data: DataInfo,
): string | undefined {
  if (kind === 'constituents')
    return data.kind === 'images' ? 'It takes constituents; these jets are images.' : undefined;
  if (data.kind === 'images')
    return shape.join() === data.jetShape.join()
      ? undefined
      : `It takes images of ${shape.join(' × ')}; these are ${data.jetShape.join(' × ')}.`;
  if (recipe === undefined) return 'It takes images and has no recipe to make them of constituents.';
  return recipeObstacle(recipe, data);
}

/** What keeps a recipe from making images of such jets. */
export function recipeObstacle(recipe: Recipe, { charges, vertices }: DataInfo): string | undefined {
  const known = tried.get(recipe) ?? new Map<string, string | undefined>();
  tried.set(recipe, known);
  const key = `${charges} ${vertices}`;
  if (!known.has(key)) known.set(key, tryRecipe(recipe, charges, vertices));
  return known.get(key);
}

/** The page asks with every picture that it draws. */
const tried = new WeakMap<Recipe, Map<string, string | undefined>>();

function tryRecipe(recipe: Recipe, charges: boolean, vertices: boolean): string | undefined {
  const jet = Float32Array.of(1, 1, 0, 0);
  try {
    const { shape, fill } = imager(recipe);
    fill(
      {
        kind: 'constituents',
        shape: [1, 1, 4],
        data: jet,
        ...(charges && { charge: new Int8Array(1) }),
        ...(vertices && { vertex: new Int8Array(1) }),
      },
      new Float32Array(shape[0] * shape[1] * shape[2]),
    );
    return undefined;
  } catch (error) {
    if (!isJetError(error)) throw error;
    return reasonOf(error);
  }
}

const reasonOf = ({ details, message }: JetError): string =>
  details['needed'] === undefined ? message : `Its recipe needs the ${details['needed']} of each constituent.`;

/** Outputs whose operator tells what they hold. */
const TELLING = ['Sigmoid', 'Softmax', 'LogSoftmax'];

/** What a visitor has not said yet of a model without a card. */
function missing(facts: ModelFacts, hints: ModelHints, data: DataInfo): string | undefined {
  const output = scoredOutput(facts, hints);
  if (output === undefined) return 'Say below which output holds the scores.';
  if (hints.outputKind === undefined && !TELLING.includes(output.madeBy ?? ''))
    return 'Say below what its output holds.';
  if (hints.signalColumn === undefined && (columnsOf(output) ?? 1) > 2)
    return `Say below which of its ${columnsOf(output)} columns is the signal’s.`;
  if (hints.inputKind === 'constituents')
    return data.kind === 'images' ? 'It takes constituents; these jets are images.' : undefined;
  if (data.kind === 'images') return undefined;
  return hints.recipe === undefined
    ? 'Say below how constituents become its images.'
    : recipeObstacle(hints.recipe, data);
}

/** The output that is read, where there is no doubt. */
export function scoredOutput({ outputs }: ModelFacts, { output }: ModelHints): ModelPort | undefined {
  const possible = outputs.filter(({ numbers }) => numbers);
  return output === undefined && possible.length > 1
    ? undefined
    : possible.find(({ name }) => name === (output ?? name));
}

/** Numbers a jet, where the file says it. */
export function columnsOf({ shape }: ModelPort): number | undefined {
  const rest = shape?.slice(1) ?? [];
  return rest.includes(undefined) ? undefined : (rest as number[]).reduce((product, size) => product * size, 1);
}

/** Whether an input may hold constituents: (n, m, 4). */
export const mayBeConstituents = ({ inputs: [input] }: ModelFacts): boolean =>
  input?.shape?.length === 3 && (input.shape[2] ?? 4) === 4;

/** Whether images may be channels-first or channels-last. */
export const hasChannels = ({ inputs: [input] }: ModelFacts): boolean => input?.shape?.length === 4;

/**
 * What to remark on a tagger that was trained for other jets than those at hand.
 *
 * @param lead card of the tagger that names the classes where the file does not
 */
export function otherTask(
  card: ModelCard | undefined,
  { classes }: Pick<DataInfo, 'classes'>,
  lead: ModelCard | undefined,
): string | undefined {
  if (card === undefined) return undefined;
  const { signalClass } = card;
  const signal = classes?.[1];
  if (signal !== undefined)
    return maySignal(signalClass, signal) ? undefined : `Trained to find ${signalClass}; the signal here is ${signal}.`;
  if (lead === undefined || maySignal(signalClass, lead.signalClass)) return undefined;
  return `Trained to find ${signalClass}; ${lead.name} finds ${lead.signalClass}.`;
}
