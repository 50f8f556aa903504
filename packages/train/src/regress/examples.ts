/** @file Images of jets, and the images that a network is to make of them. */
import { JetError, type JetImages, sizeOf } from '@jetsdk/jets';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Images of as many jets, by the names of the inputs of a network. */
export type ImageInputs = Readonly<Record<string, JetImages>>;

/** What a regression network learns from. */
export interface RegressionExamples {
  readonly inputs: ImageInputs;
  /** GeV, ≥ 0 */
  readonly truth: JetImages;
  /**
   * images of pile-up alone, by the names of inputs that are sums of it and the jet: row i is that of jet i, the rows behind the
   * jets are more of it; where it is given, every batch sees its jets under pile-up that is drawn of all rows
   */
  readonly pileup?: ImageInputs;
}

/** The images in the order of the inputs of a network. */
export function inOrder(model: LayersModel, inputs: ImageInputs): JetImages[] {
  return model.inputNames.map((name) => inputs[name]);
}

/**
 * Checks that a network can be fed with images.
 *
 * @param where what is checked, for the message
 * @returns number of jets
 * @throws {JetError} SHAPE_MISMATCH if an input is missing or has another shape; NOT_FINITE
 */
export function checkImageInputs(where: string, model: LayersModel, inputs: ImageInputs): number {
  let jets: number | undefined;
  for (const [i, name] of model.inputNames.entries()) {
    const expected = model.inputs[i].shape.slice(1).map(Number);
    const images = inputs[name];
    if (images === undefined)
      throw new JetError(
        'SHAPE_MISMATCH',
        `${where}: images ${Object.keys(inputs).join(', ') || 'none'}; expected ${model.inputNames.join(', ')}, the inputs of the network`,
        { missing: name },
      );
    checkImages(`${where}, ${name}`, images, expected);
    jets ??= images.shape[0];
    if (images.shape[0] !== jets)
      throw new JetError('SHAPE_MISMATCH', `${where}: ${images.shape[0]} images of ${name}; expected ${jets}`, {
        name,
        images: images.shape[0],
        expected: jets,
      });
  }
  return jets ?? 0;
}

/** @throws {JetError} as `checkImageInputs`; OUT_OF_RANGE for true pixels below 0; BAD_DATASET without jets */
export function checkRegressionExamples(
  where: string,
  model: LayersModel,
  { inputs, truth, pileup }: RegressionExamples,
): number {
  const jets = checkImageInputs(where, model, inputs);
  if (jets === 0) throw new JetError('BAD_DATASET', `${where}: 0 jets; expected some to learn from`, { jets });
  checkImages(`${where}, truth`, truth, model.outputs[0].shape.slice(1).map(Number));
  if (truth.shape[0] !== jets)
    throw new JetError('SHAPE_MISMATCH', `${where}: ${truth.shape[0]} true images; expected ${jets}`, { jets });
  if (pileup !== undefined) checkPileup(`${where}, pile-up`, model, pileup, jets);
  const below = truth.data.findIndex((pixel) => pixel < 0);
  if (below >= 0)
    throw new JetError('OUT_OF_RANGE', `${where}: a true pixel is ${truth.data[below]}; expected GeV, 0 or more`);
  return jets;
}

function checkPileup(where: string, model: LayersModel, pileup: ImageInputs, jets: number): void {
  for (const [name, images] of Object.entries(pileup)) {
    const input = model.inputs[model.inputNames.indexOf(name)];
    const rows = images.shape[0];
    if (input === undefined || rows < jets || rows !== Object.values(pileup)[0]?.shape[0])
      throw new JetError(
        'SHAPE_MISMATCH',
        `${where}: ${rows} images of ${name}; expected ${jets} or more of inputs of the network, as many of each`,
        { name, images: rows, expected: jets },
      );
    checkImages(`${where}, ${name}`, images, input.shape.slice(1).map(Number));
  }
}

function checkImages(where: string, { shape: [jets, ...shape], data }: JetImages, expected: readonly number[]): void {
  if (shape.join('×') !== expected.join('×') || data.length !== jets * sizeOf(expected))
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: images of ${shape.join('×')}, ${data.length} numbers for ${jets} jets; expected ${expected.join('×')}; use the recipe of the network`,
      { shape, expected },
    );
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const jet = Math.floor(bad / sizeOf(expected));
    throw new JetError('NOT_FINITE', `${where}: jet ${jet} holds ${data[bad]}; expected finite numbers`, { jet });
  }
}
