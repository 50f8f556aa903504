import { JetError, type ModelCard, pixelateOf, type Recipe, type StepName, type StepOf } from '@jetsdk/jets';
import {
  CARD_KEY,
  cardOf,
  cardText,
  checkCardPorts,
  checkModel,
  decodeModel,
  dropDeadCode,
  encodeModel,
  type Graph,
  type ValueInfo,
} from '@jetsdk/onnx';
import { lowerCentre } from './centre.js';
import { lowerFlip } from './flip.js';
import { loadConstituents } from './loadConstituents.js';
import { lowerNormalise } from './normalise.js';
import { lowerPixelate } from './pixelate.js';
import { lowerRotate } from './rotate.js';
import { type Cell, type Constituents, Scribe } from './scribe.js';

/** Name of the input of a self-contained model. */
const INPUT = 'constituents';

export interface LowerOptions {
  /** how many constituents of a jet the card names; the graph takes any number */
  readonly constituents?: number;
}

/**
 * Puts a recipe in front of an image model: the file then takes raw constituents (n, m, 4), E, px, py, pz in GeV, and
 * any ONNX runtime scores jets with it alone. Computed in float32, a constituent on a bin edge may fall on its other
 * side.
 *
 * @param recipe with a `pixelate` step
 * @param bytes a model with one image input, which the recipe's images fit; not modified
 * @returns the new file; the card, if there is one, names the new input and loses its parity
 * @throws {JetError} UNSUPPORTED for rotation by subjets and channels that need charges, SHAPE_MISMATCH if the images
 * do not fit, BAD_MODEL if the model has not one input; what `decodeModel` throws
 */
export function lowerRecipe(recipe: Recipe, bytes: Uint8Array, { constituents = 200 }: LowerOptions = {}): Uint8Array {
  const model = decodeModel(bytes);
  const [image, ...others] = model.graph.inputs;
  if (image === undefined || others.length > 0)
    throw new JetError('BAD_MODEL', `lowerRecipe: ${model.graph.inputs.length} inputs; expected one, of images`, {
      inputs: model.graph.inputs.map(({ name }) => name),
    });
  const scribe = new Scribe('recipe');
  const made = lower(recipe, scribe, image);
  const graph: Graph = dropDeadCode({
    ...model.graph,
    inputs: [{ name: INPUT, type: 'float32', shape: ['n', 'm', 4] }],
    initializers: [...scribe.constants, ...model.graph.initializers],
    nodes: [
      ...scribe.nodes,
      { name: 'recipe/Identity', opType: 'Identity', inputs: [made], outputs: [image.name], attributes: {} },
      ...model.graph.nodes,
    ],
    values: [image, ...model.graph.values],
  });
  const card = cardOf(model.metadata);
  const carried = { ...model, graph, metadata: { ...model.metadata } };
  if (card !== undefined) {
    const lowered = loweredCard(card, recipe, constituents);
    checkCardPorts(lowered, graph);
    carried.metadata[CARD_KEY] = cardText(lowered);
  }
  checkModel(carried);
  return encodeModel(carried);
}

/** What the steps so far have made. */
interface Made {
  readonly jet: Constituents;
  readonly image: Cell;
}

/** How each step becomes nodes. @param shape of one image */
const LOWER: {
  readonly [N in StepName]: (to: Scribe, made: Made, step: StepOf<N>, shape: readonly number[]) => Made;
} = {
  centre: (to, made, step) => ({ ...made, jet: lowerCentre(to, made.jet, step) }),
  rotate: (to, made, step) => ({ ...made, jet: lowerRotate(to, made.jet, step) }),
  flip: (to, made, step) => ({ ...made, jet: lowerFlip(to, made.jet, step) }),
  pixelate: (to, made, step) => ({ ...made, image: lowerPixelate(to, made.jet, step) }),
  normalise: (to, made, step, shape) => ({ ...made, image: lowerNormalise(to, made.image, step, shape) }),
};

function lower(recipe: Recipe, to: Scribe, image: ValueInfo): Cell {
  const { pixels, channels } = pixelateOf(recipe);
  const shape = [pixels, pixels, channels.length];
  if (image.shape?.slice(1).join() !== shape.join())
    throw new JetError(
      'SHAPE_MISMATCH',
      `recipe ${recipe.name} makes images of [${shape}], the model takes [${image.shape?.slice(1)}]; expected the same`,
      { recipe: shape, model: image.shape },
    );
  let made: Made = { jet: loadConstituents(to, INPUT), image: '' };
  recipe.steps.forEach((step, i) => {
    to.begin(`${i}_${step.step}`);
    made = lowerStep(to, made, step, shape);
  });
  return made.image;
}

function lowerStep<N extends StepName>(to: Scribe, made: Made, step: StepOf<N>, shape: readonly number[]): Made {
  const name: N = step.step;
  return LOWER[name](to, made, step, shape);
}

function loweredCard({ parity: _, ...card }: ModelCard, recipe: Recipe, constituents: number): ModelCard {
  return { ...card, recipe, input: { kind: 'constituents', name: INPUT, shape: [constituents, 4], layout: 'NMC' } };
}
