/** @file What a regressor takes and gives: its card and its graph, brought together once. */
import { imageRecipes, JetError, pixelateOf, type RegressorCard, recipeHash, sizeOf } from '@jetsdk/jets';
import type { OnnxFacts } from '@jetsdk/onnx';
import { CARD_KEY, REGRESSOR_KEY, regressorCardFromJson } from '@jetsdk/onnx/card';
import type { Session, ValueSpec } from '../runtime/runtime.js';
import { contradiction, fixedBatch, type InputPlan, type Plan } from './plan.js';
import { shapeText } from './shapeText.js';

/** In units of the scale of the output. */
const DEFAULT_TOLERANCE = 1e-5;

/**
 * @param name of the model, for messages
 * @throws {JetError} BAD_MODEL for a model without the card of a regressor, or if the card contradicts the graph
 */
export function makeRegressorPlan(
  name: string,
  facts: Pick<OnnxFacts, 'metadata'>,
  session: Pick<Session, 'inputs' | 'outputs'>,
): { plan: Plan; card: RegressorCard } {
  const json = facts.metadata.get(REGRESSOR_KEY);
  if (json === undefined)
    throw new JetError(
      'BAD_MODEL',
      facts.metadata.has(CARD_KEY)
        ? `${name}: a classifier, which gives scores; expected a regressor; load it with loadTagger`
        : `${name}: got a model without the card of a regressor; expected one that jetsdk export wrote of a regression; export it so`,
      { model: name },
    );
  const card = regressorCardFromJson(json, name);
  const { recipe, output } = card;
  if (recipeHash(recipe) !== card.recipeHash)
    throw new JetError(
      'BAD_MODEL',
      `${name}: model card, recipeHash: got ${card.recipeHash}; expected ${recipeHash(recipe)}, the hash of the recipe beside it; export the model again`,
      { recipeHash: card.recipeHash },
    );
  if (session.inputs.length !== card.inputs.length)
    throw contradiction(name, 'the number of inputs', card.inputs.length, session.inputs.length);
  const recipes = imageRecipes(recipe);
  const inputs = card.inputs.map(({ name: input, shape }): InputPlan => {
    const graphShape = shapeIn(name, session.inputs, input, shape);
    const one = recipes.get(input)!;
    const { pixels, channels } = pixelateOf(one);
    if (shape.join() !== [pixels, pixels, channels.length].join())
      throw contradiction(
        name,
        `the shape of input ${input}`,
        shapeText(shape),
        `(${pixels}, ${pixels}, ${channels.length}) by its recipe`,
      );
    return { name: input, kind: 'images', shape, layout: 'NHWC', graphShape, recipe: one };
  });
  shapeIn(name, session.outputs, output.name, output.shape);
  return {
    plan: {
      name: card.name,
      inputs,
      readout: { output: output.name, kind: 'values', columns: sizeOf(output.shape), signalColumn: 0 },
      fixedBatch: fixedBatch(name, session),
      recipe: undefined,
      range: undefined,
      momenta: undefined,
      tolerance: Math.max(DEFAULT_TOLERANCE, ...(card.parity ?? []).map(({ tolerance }) => tolerance)),
    },
    card,
  };
}

/** The shape that the graph declares for one jet. @throws {JetError} BAD_MODEL if it is another than in the card */
function shapeIn(
  name: string,
  specs: readonly ValueSpec[],
  port: string,
  shape: readonly number[],
): readonly (number | undefined)[] {
  const spec = specs.find((one) => one.name === port);
  if (spec === undefined) throw contradiction(name, 'a name', port, specs.map((one) => one.name).join(', ') || 'none');
  const graphShape = spec.shape.slice(1);
  if (graphShape.length !== shape.length || graphShape.some((size, axis) => size !== undefined && size !== shape[axis]))
    throw contradiction(name, `the shape of ${port}`, shapeText([undefined, ...shape]), shapeText(spec.shape));
  return graphShape;
}
