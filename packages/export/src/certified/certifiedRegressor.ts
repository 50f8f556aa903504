/** @file A trained network from images to an image as an ONNX file that is proven equal and says what it is. */
import {
  type CardTraining,
  imageRecipes,
  JetError,
  type JetImages,
  type LayerArtifacts,
  pixelateOf,
  type Recipe,
  type RegressorCard,
  recipeHash,
  SDK_VERSION,
} from '@jetsdk/jets';
import { withRegressorCard } from '@jetsdk/onnx';
import { certify } from '../certify/certify.js';
import type { OpenModel } from '../certify/runnableModel.js';
import { exportModel } from '../exportModel.js';

/** What the graph does not tell. */
export interface RegressorFacts extends Pick<RegressorCard, 'name' | 'version' | 'licence' | 'task'> {
  /** makes the inputs of constituents, each image under the name of its input */
  readonly recipe: Recipe;
  /** makes what the network was to give */
  readonly truth: Recipe;
  readonly training?: CardTraining;
}

export interface CertifyRegressorOptions {
  /** images to compare on, by the names of the inputs */
  readonly calibration: Readonly<Record<string, JetImages>>;
  /** what the trained network gives for these */
  readonly reference: JetImages;
  readonly open: OpenModel;
  /** as of `certify` */
  readonly tolerance?: number;
}

/** An ONNX file with its card inside. */
export interface CertifiedRegressor {
  readonly bytes: Uint8Array;
  readonly card: RegressorCard;
}

/**
 * Exports a regressor, runs the file and compares it with what the network gives; its card holds the certificate.
 *
 * @param artifacts not modified
 * @throws {JetError} PARITY_FAILED if a pixel differs by more than the tolerance times the scale of the output;
 *   BAD_ARGUMENT if the inputs are not the images of the recipe; as `exportModel` and `certify`
 */
export async function certifiedRegressor(
  artifacts: LayerArtifacts,
  { recipe, truth, training, ...identity }: RegressorFacts,
  { calibration, reference, ...options }: CertifyRegressorOptions,
): Promise<CertifiedRegressor> {
  const { bytes, inputs, outputs } = exportModel(artifacts);
  const [output, ...others] = outputs;
  const made = [...imageRecipes(recipe).keys()];
  if (output === undefined || others.length > 0 || made.join() !== inputs.map(({ name }) => name).join())
    throw new JetError(
      'BAD_ARGUMENT',
      `certifiedRegressor: a network from ${inputs.map(({ name }) => name).join(', ')} to ${outputs.map(({ name }) => name).join(', ')}; expected one output, and inputs ${made.join(', ')} as recipe ${recipe.name} makes them`,
      { inputs, outputs },
    );
  const parity = await certify({
    bytes,
    inputs: Object.fromEntries(Object.entries(calibration).map(([name, { shape, data }]) => [name, { shape, data }])),
    reference: reference.data,
    ...options,
  });
  const card: RegressorCard = {
    format: 'jetsdk-regressor/1',
    ...identity,
    inputs: inputs.map(({ name, shape }) => ({ name, shape, unit: 'GeV' })),
    output: { name: output.name, shape: output.shape, unit: 'GeV', halfWidth: pixelateOf(truth).halfWidth },
    recipe,
    recipeHash: recipeHash(recipe),
    truth,
    ...(training && { training }),
    parity: [parity],
    sdkVersion: SDK_VERSION,
  };
  return { bytes: withRegressorCard(bytes, card), card };
}

/** The regressor with its figures, in the file and beside it. */
export function withRegressorMetrics(
  { bytes, card }: CertifiedRegressor,
  metrics: NonNullable<RegressorCard['metrics']>,
): CertifiedRegressor {
  const changed = { ...card, metrics };
  return { bytes: withRegressorCard(bytes, changed), card: changed };
}
