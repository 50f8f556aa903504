/** @file What a model takes and gives: its card, its graph and the caller's words, brought together once. */
import {
  counted,
  type InputRange,
  imageShape,
  isJetError,
  JetError,
  type ModelCard,
  parseRecipe,
  type Recipe,
  recipeHash,
  sizeOf,
} from '@jetsdk/jets';
import { oneOf, type Place } from '@jetsdk/jets/json';
import type { OnnxFacts } from '@jetsdk/onnx';
import { CARD_KEY, cardFromJson, REGRESSOR_KEY } from '@jetsdk/onnx/card';
import type { Session, ValueSpec } from '../runtime/runtime.js';
import { shapeText } from './shapeText.js';

/** What the caller says about a model whose card does not, or that has none. */
export interface ModelHints {
  /** how constituents become this model's images */
  readonly recipe?: Recipe;
  /** what an input (n, m, 4) holds: images of m × 4 pixels unless told */
  readonly inputKind?: 'images' | 'constituents';
  /** memory order of image inputs, where the graph leaves it open */
  readonly layout?: 'NCHW' | 'NHWC';
  /** name of the output to score with, where several hold numbers */
  readonly output?: string;
  /** what that output holds; found out where the graph ends in Sigmoid, Softmax or LogSoftmax */
  readonly outputKind?: 'score' | 'logit' | 'probabilities' | 'logits';
  /** column of the signal class in `probabilities` or `logits`; 1 of two classes unless told */
  readonly signalColumn?: number;
}

/** One input of the network. */
export interface InputPlan {
  readonly name: string;
  /** `tensor`: given as the graph wants it */
  readonly kind: 'images' | 'constituents' | 'tensor';
  /** one jet as the caller gives it, images channels-last; undefined: any size */
  readonly shape: readonly (number | undefined)[];
  /** memory order of the graph's input */
  readonly layout: 'NHWC' | 'NCHW' | 'NHW' | 'flat' | 'same';
  /** one jet as the graph declares it */
  readonly graphShape: readonly (number | undefined)[];
  /** makes this image of constituents, where the model takes several */
  readonly recipe?: Recipe;
}

/** How one number a jet is read off the network's output. */
export interface ReadoutPlan {
  readonly output: string;
  /** `values`: taken as they are, of a model that gives an image */
  readonly kind: 'score' | 'logit' | 'probabilities' | 'logits' | 'values';
  readonly columns: number;
  readonly signalColumn: number;
}

/** Everything scoring needs to know of a model; plain data, so that it can be sent to a worker. */
export interface Plan {
  readonly name: string;
  readonly inputs: readonly InputPlan[];
  readonly readout: ReadoutPlan;
  /** the graph's batch size where it is fixed */
  readonly fixedBatch: number | undefined;
  readonly recipe: Recipe | undefined;
  /** of what the model takes, in its training, where the card says so */
  readonly range: InputRange | undefined;
  /** GeV, the least and the greatest sum of the pT of a jet in the training, where images hold that and the card knows it */
  readonly momenta: InputRange['sum'];
  /** largest |Δscore| allowed between two runtimes */
  readonly tolerance: number;
}

/** Differences between runtimes on float32 networks are at most 2.3e-6; half-precision networks say theirs in the card. */
const DEFAULT_TOLERANCE = 1e-5;

/**
 * @param name of the model, for messages
 * @throws {JetError} BAD_MODEL if the card contradicts the graph or the model cannot score; BAD_ARGUMENT if the
 *   caller's words are missing, or contradict card or graph
 */
export function makePlan(
  name: string,
  facts: Pick<OnnxFacts, 'metadata' | 'producedBy'>,
  session: Pick<Session, 'inputs' | 'outputs'>,
  hints: ModelHints = {},
): { plan: Plan; card: ModelCard | undefined } {
  requireHints(name, hints);
  if (facts.metadata.has(REGRESSOR_KEY))
    throw new JetError(
      'BAD_MODEL',
      `${name}: a regressor, which gives images of jets; expected a classifier; load it with loadRegressor`,
      { model: name },
    );
  const json = facts.metadata.get(CARD_KEY);
  const card = json === undefined ? undefined : cardFromJson(json, name);
  const recipe = agreeOnRecipe(name, card, hints);
  const inputs = card ? [cardInput(name, card, session)] : session.inputs.map((spec) => graphInput(name, spec, hints));
  const readout = card ? cardReadout(name, card, session, hints) : graphReadout(name, facts, session, hints);
  if (recipe !== undefined) requireRecipeFits(name, recipe, inputs);
  return {
    plan: {
      name: card?.name ?? name,
      inputs,
      readout,
      fixedBatch: fixedBatch(name, session),
      recipe,
      range: rangeOf(card),
      momenta: momentaOf(card, recipe),
      tolerance: Math.max(DEFAULT_TOLERANCE, ...(card?.parity ?? []).map((entry) => entry.tolerance)),
    },
    card,
  };
}

/** That of what the model takes; the recipe of a self-contained one makes the images that its training saw. */
export function rangeOf(card: ModelCard | undefined): InputRange | undefined {
  const selfContained = card?.input.kind === 'constituents' && card.recipe !== undefined;
  return selfContained ? undefined : card?.training?.range;
}

/** The sums of the images of the training, where these are sums of pT and nothing scales them. */
export function momentaOf(card: ModelCard | undefined, recipe: Recipe | undefined): InputRange['sum'] {
  const plain = recipe?.steps.every(
    (step) => step.step !== 'normalise' && (step.step !== 'pixelate' || step.channels.join() === 'pt'),
  );
  return plain ? card?.training?.range?.sum : undefined;
}

/** @throws {JetError} BAD_ARGUMENT for a word that is none of its option */
function requireHints(name: string, { inputKind, layout, outputKind }: ModelHints): void {
  const at = (option: string): Place => ({ where: `${name}: option ${option}`, code: 'BAD_ARGUMENT' });
  if (inputKind !== undefined) oneOf('images', 'constituents')(inputKind, at('inputKind'));
  if (layout !== undefined) oneOf('NCHW', 'NHWC')(layout, at('layout'));
  if (outputKind !== undefined) oneOf('score', 'logit', 'probabilities', 'logits')(outputKind, at('outputKind'));
}

export function contradiction(name: string, what: string, card: unknown, graph: unknown): JetError {
  return new JetError(
    'BAD_MODEL',
    `${name}: the model card contradicts the graph: ${what} is ${card} in the card, ${graph} in the graph; expected the same; export the model again`,
    { card, graph },
  );
}

function agreeOnRecipe(name: string, card: ModelCard | undefined, hints: ModelHints): Recipe | undefined {
  const given = hints.recipe === undefined ? undefined : parseRecipe(hints.recipe);
  if (card?.input.kind === 'constituents') {
    if (given !== undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `${name}: recipe ${given.name} for a model that takes constituents and has its recipe inside; leave the option out`,
        { recipe: given.name },
      );
    return undefined;
  }
  if (card?.recipe === undefined) return given;
  let recipe: Recipe;
  try {
    recipe = parseRecipe(card.recipe);
  } catch (cause) {
    if (!isJetError(cause)) throw cause;
    throw new JetError('BAD_MODEL', `${name}: model card, ${cause.message}`, cause.details, { cause });
  }
  const hash = recipeHash(recipe);
  if (card.recipeHash !== undefined && card.recipeHash !== hash)
    throw new JetError(
      'BAD_MODEL',
      `${name}: model card, recipeHash: got ${card.recipeHash}; expected ${hash}, the hash of the recipe beside it; export the model again`,
      { recipeHash: card.recipeHash, expected: hash },
    );
  if (given !== undefined && recipeHash(given) !== hash)
    throw new JetError(
      'BAD_ARGUMENT',
      `${name}: recipe ${given.name}, but the model was trained with ${recipe.name}; expected the same; leave the option out`,
      { recipe: given.name, card: recipe.name },
    );
  return recipe;
}

function requireRecipeFits(name: string, recipe: Recipe, inputs: readonly InputPlan[]): void {
  const images = inputs.filter(({ kind }) => kind === 'images');
  if (images.length !== 1)
    throw new JetError(
      'BAD_ARGUMENT',
      `${name}: a recipe makes one image a jet, the model takes ${images.length} image inputs; expected 1; give its inputs by name`,
      { inputs: images.length },
    );
  const made = imageShape(recipe);
  const [input] = images as [InputPlan];
  if (!input.shape.every((size, axis) => size === undefined || size === made[axis]))
    throw new JetError(
      'BAD_MODEL',
      `${name}: recipe ${recipe.name} makes images of ${shapeText(made)}, the model takes ${shapeText(input.shape)}; expected the same`,
      { recipe: made, model: input.shape },
    );
}

function cardInput(name: string, card: ModelCard, session: Pick<Session, 'inputs'>): InputPlan {
  const spec = session.inputs.find((input) => input.name === card.input.name);
  if (spec === undefined || session.inputs.length !== 1)
    throw contradiction(
      name,
      'the list of inputs',
      card.input.name,
      session.inputs.map((input) => input.name).join(', ') || 'empty',
    );
  const graphShape = spec.shape.slice(1);
  const { shape } = card.input;
  if (
    spec.shape.length !== shape.length + 1 ||
    graphShape.some((size, axis) => size !== undefined && size !== shape[axis])
  )
    throw contradiction(
      name,
      `the shape of input ${spec.name}`,
      shapeText([undefined, ...shape]),
      shapeText(spec.shape),
    );
  const { kind } = card.input;
  return { name: spec.name, kind, shape, layout: kind === 'images' ? 'NHWC' : 'same', graphShape };
}

function graphInput(name: string, spec: ValueSpec, hints: ModelHints): InputPlan {
  const graphShape = spec.shape.slice(1);
  const base = { name: spec.name, graphShape };
  if (!holdsNumbers(spec))
    throw new JetError(
      'UNSUPPORTED',
      `${name}: input ${spec.name} holds ${spec.type ?? 'no tensor'}; expected float32, float16 or float64`,
      { input: spec.name, type: spec.type },
    );
  const [a, b, c] = graphShape;
  if (hints.inputKind === 'constituents') {
    if (graphShape.length !== 2 || (b !== undefined && b !== 4))
      throw new JetError(
        'BAD_ARGUMENT',
        `${name}: input ${spec.name} of shape ${shapeText(spec.shape)} as constituents; expected (n, m, 4): E, px, py, pz of each; leave the option inputKind out`,
        { input: spec.name, shape: spec.shape },
      );
    return { ...base, kind: 'constituents', shape: [a, 4], layout: 'same' };
  }
  if (graphShape.length === 3) {
    const layout = hints.layout ?? layoutOf(graphShape);
    if (layout === 'NHWC') return { ...base, kind: 'images', shape: [a, b, c], layout };
    if (layout === 'NCHW') return { ...base, kind: 'images', shape: [b, c, a], layout };
    throw new JetError(
      'BAD_ARGUMENT',
      `${name}: input ${spec.name} of shape ${shapeText(spec.shape)} may be channels-first or channels-last; expected option layout 'NCHW' or 'NHWC'`,
      { input: spec.name, shape: spec.shape },
    );
  }
  if (graphShape.length === 2) return { ...base, kind: 'images', shape: [a, b, 1], layout: 'NHW' };
  if (graphShape.length === 1)
    return { ...base, kind: 'images', shape: [undefined, undefined, undefined], layout: 'flat' };
  return { ...base, kind: 'tensor', shape: graphShape, layout: 'same' };
}

/** Channels are few and images are square, or nearly so. */
function layoutOf(shape: readonly (number | undefined)[]): 'NCHW' | 'NHWC' | undefined {
  const [first, middle, last] = shape;
  const few = (size: number | undefined): boolean => size !== undefined && size <= 4;
  if (few(first) !== few(last)) return few(first) ? 'NCHW' : 'NHWC';
  if (first === undefined || middle === undefined || last === undefined) return undefined;
  if ((middle === last) !== (first === middle)) return middle === last ? 'NCHW' : 'NHWC';
  return undefined;
}

export function fixedBatch(name: string, { inputs }: Pick<Session, 'inputs'>): number | undefined {
  const sizes = new Set(inputs.map(({ shape }) => shape[0]));
  if (sizes.size > 1 || inputs.length === 0)
    throw new JetError(
      'UNSUPPORTED',
      `${name}: inputs of ${[...sizes].map((size) => size ?? 'any').join(' and ')} jets; expected one batch size for all`,
      { sizes: [...sizes] },
    );
  const [size] = sizes;
  if (size === 0)
    throw new JetError(
      'BAD_MODEL',
      `${name}: takes 0 jets a run; expected one or more; export it with an open first axis`,
      { batch: size },
    );
  return size;
}

const holdsNumbers = ({ type }: ValueSpec): boolean => type === 'float32' || type === 'float16' || type === 'float64';

function findOutput(name: string, output: string | undefined, session: Pick<Session, 'outputs'>): ValueSpec {
  if (output !== undefined) {
    const named = session.outputs.find((spec) => spec.name === output);
    if (named !== undefined) return named;
    const names = session.outputs.map((spec) => spec.name);
    throw new JetError('BAD_ARGUMENT', `${name}: no output ${output}; expected one of ${names.join(', ')}`, {
      output,
      outputs: names,
    });
  }
  const possible = session.outputs.filter(holdsNumbers);
  if (possible.length === 1) return possible[0];
  if (possible.length === 0) {
    const outputs = session.outputs.map((spec) => `${spec.name} (${spec.type ?? 'no tensor'})`);
    throw new JetError(
      'UNSUPPORTED',
      `${name}: outputs ${outputs.join(', ')}; expected one of float32, float16 or float64; export it otherwise, from scikit-learn with zipmap=False`,
      { outputs },
    );
  }
  const names = possible.map((spec) => spec.name);
  throw new JetError(
    'BAD_ARGUMENT',
    `${name}: ${counted(names.length, 'output')} of numbers (${names.join(', ')}); expected option output to name one`,
    { outputs: names },
  );
}

/** Numbers a jet, or undefined where the graph leaves it open. */
function columnsOf(name: string, spec: ValueSpec): number | undefined {
  const rest = spec.shape.slice(1);
  if (rest.some((size) => size === undefined)) return undefined;
  const columns = sizeOf(rest as number[]);
  if (spec.type === undefined || rest.filter((size) => size !== 1).length > 1)
    throw new JetError(
      'UNSUPPORTED',
      `${name}: output ${spec.name} is ${spec.type ?? 'no tensor'} of shape ${shapeText(spec.shape)}; expected (n,) or (n, classes)`,
      { output: spec.name, shape: spec.shape },
    );
  return columns;
}

function cardReadout(name: string, card: ModelCard, session: Pick<Session, 'outputs'>, hints: ModelHints): ReadoutPlan {
  for (const key of ['inputKind', 'layout', 'output', 'outputKind', 'signalColumn'] as const)
    if (hints[key] !== undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `${name}: option ${key} ${hints[key]}, but the model has a card that says it; leave the option out`,
        { [key]: hints[key] },
      );
  const spec = session.outputs.find((output) => output.name === card.output.name);
  if (spec === undefined)
    throw contradiction(
      name,
      'the scored output',
      card.output.name,
      session.outputs.map((output) => output.name).join(', ') || 'missing',
    );
  const { kind } = card.output;
  if (kind === 'values')
    throw new JetError(
      'BAD_MODEL',
      `${name}: output ${spec.name} holds values, not class scores; expected a classifier`,
      { output: spec.name },
    );
  const columns = kind === 'score' ? 1 : card.classes.length;
  const found = columnsOf(name, spec) ?? columns;
  if (found !== columns) throw contradiction(name, `the number of columns of output ${spec.name}`, columns, found);
  return {
    output: spec.name,
    kind,
    columns,
    signalColumn: kind === 'score' ? 0 : card.classes.indexOf(card.signalClass),
  };
}

/** What the outputs of operators hold; a softmax leaves the logarithms of probabilities what they are. */
const KINDS: ReadonlyMap<string, NonNullable<ModelHints['outputKind']>> = new Map([
  ['Sigmoid', 'score'],
  ['Softmax', 'probabilities'],
  ['LogSoftmax', 'logits'],
]);

function graphReadout(
  name: string,
  facts: Pick<OnnxFacts, 'producedBy'>,
  session: Pick<Session, 'outputs'>,
  hints: ModelHints,
): ReadoutPlan {
  const spec = findOutput(name, hints.output, session);
  const maker = facts.producedBy.get(spec.name);
  const known = KINDS.get(maker ?? '');
  const kind = hints.outputKind ?? known;
  if (kind === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `${name}: output ${spec.name} is made by ${maker ?? 'an unknown operator'}, which does not tell whether it holds probabilities; expected option outputKind 'score', 'logit', 'probabilities' or 'logits'`,
      { output: spec.name, operator: maker },
    );
  const single = kind === 'score' || kind === 'logit';
  const columns = columnsOf(name, spec) ?? (single ? 1 : undefined);
  if (columns === undefined || single !== (columns === 1))
    throw new JetError(
      'BAD_ARGUMENT',
      `${name}: output ${spec.name} of shape ${shapeText(spec.shape)} as ${kind}; expected ${single ? 'one column' : 'a known number of columns above 1'}`,
      { output: spec.name, shape: spec.shape, outputKind: kind },
    );
  const signalColumn = hints.signalColumn ?? (single ? 0 : columns === 2 ? 1 : undefined);
  if (signalColumn === undefined || !Number.isInteger(signalColumn) || signalColumn < 0 || signalColumn >= columns)
    throw new JetError(
      'BAD_ARGUMENT',
      `${name}: signal column ${signalColumn ?? 'not given'} of ${counted(columns, 'column')}; expected option signalColumn from 0 to ${columns - 1}`,
      { signalColumn, columns },
    );
  return { output: spec.name, kind, columns, signalColumn };
}
