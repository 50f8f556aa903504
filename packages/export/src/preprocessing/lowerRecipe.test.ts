import {
  type Jets,
  jets,
  type ModelCard,
  makeImages,
  namedRecipe,
  type PixelateStep,
  type Random,
  type Recipe,
  type RecipeStep,
  random,
  SDK_VERSION,
  sliceJets,
} from '@jetsdk/jets';
import { readCard, withCard } from '@jetsdk/onnx';
import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { certifyLowered, exportModel, lowerRecipe } from '../index.js';
import { openOrt, runOrt } from '../ort.testing.js';
import { artifactsOf, randomiseWeights } from '../tfjs.testing.js';

const CONSTITUENTS = 30;

/** A spray of massless constituents about a random axis, padded with zeros; some jets are empty or have one only. */
function sprays(count: number, stream: Random): Jets {
  const data = new Float32Array(count * CONSTITUENTS * 4);
  for (let jet = 0; jet < count; jet++) {
    const [eta0, phi0] = [4 * stream.uniform() - 2, Math.PI * (2 * stream.uniform() - 1)];
    const filled = jet % 500 < 3 ? jet % 500 : 3 + stream.integer(CONSTITUENTS - 2);
    const prong = 0.5 * stream.normal();
    for (let i = 0; i < filled; i++) {
      const pt = 200 * Math.exp(-4 * stream.uniform()) * (i === 0 ? 2 : 1);
      const side = stream.uniform() < 0.4 ? prong : 0;
      const eta = eta0 + side + 0.15 * stream.normal();
      const phi = phi0 + 0.7 * side + 0.15 * stream.normal();
      const vector = [Math.cosh(eta), Math.cos(phi), Math.sin(phi), Math.sinh(eta)].map((x) => x * pt);
      data.set(vector, (jet * CONSTITUENTS + i) * 4);
    }
  }
  return jets(data, CONSTITUENTS);
}

/** A small image model that answers to single pixels. */
function imageModel(pixels: number, channels: number, scale: number): Uint8Array {
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({
      inputShape: [pixels, pixels, channels],
      filters: 3,
      kernelSize: 5,
      strides: 3,
      activation: 'tanh',
    }),
  );
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
  const stream = random(9);
  randomiseWeights(model, () => scale * stream.normal());
  const { bytes } = exportModel(artifactsOf(model));
  model.dispose();
  return bytes;
}

async function scoresOf(
  model: Uint8Array,
  input: string,
  shape: readonly number[],
  data: Float32Array,
): Promise<Float32Array> {
  return (await runOrt(model, { [input]: { shape, data } })).score.data;
}

/** Certifies the self-contained model; returns how many jets sit on a bin edge. */
async function compare(recipe: Recipe, count: number, scale = 1): Promise<number> {
  const all = sprays(count, random(3));
  const { shape } = makeImages(recipe, sliceJets(all, 0, 1));
  const imageFile = imageModel(shape[1], shape[3], scale);
  const parity = await certifyLowered({
    bytes: lowerRecipe(recipe, imageFile),
    imageModel: imageFile,
    recipe,
    jets: all,
    open: openOrt,
  });
  expect(parity.jets + parity.onEdge).toBe(count);
  expect(parity.maxAbsDifference).toBeLessThanOrEqual(1e-5);
  return parity.onEdge;
}

const recipe = (...steps: RecipeStep[]): Recipe => ({ format: 'jetsdk-recipe/1', name: 'test', steps });
const pixelate: PixelateStep = { step: 'pixelate', pixels: 20, halfWidth: 1, channels: ['pt'] };
const byMax: RecipeStep = { step: 'normalise', by: 'max' };

describe('lowerRecipe', () => {
  it('scores 10,000 jets as the recipe and the image model do', async () => {
    const edges = await compare(namedRecipe('iml-40'), 10_000);
    console.info(`lowerRecipe, iml-40: ${edges} of 10000 jets sit on a bin edge within float rounding`);
    expect(edges).toBeLessThan(100);
  });

  it.each(['course-30-sum', 'course-30-max'])('scores as recipe %s', async (name) => {
    expect(await compare(namedRecipe(name), 1500)).toBeLessThan(30);
  });

  it('scores images in GeV, which nothing normalises', async () => {
    expect(await compare(namedRecipe('course-30'), 1500, 0.003)).toBeLessThan(30);
  });

  it.each<[string, RecipeStep[]]>([
    ['centred on the jet axis', [{ step: 'centre', on: 'jet' }, pixelate, byMax]],
    ['centred on the pT centroid', [{ step: 'centre', on: 'centroid' }, pixelate, byMax]],
    [
      'turned by the second constituent beyond a distance',
      [
        { step: 'centre', on: 'leading' },
        { step: 'rotate', by: 'second', minDeltaR: 0.3, mode: 'plane', onto: '-eta' },
        { step: 'flip', axes: ['phi'] },
        pixelate,
        byMax,
      ],
    ],
    [
      'turned by the principal axis in the plane',
      [
        { step: 'centre', on: 'centroid' },
        { step: 'rotate', by: 'principal-axis', mode: 'plane', onto: '+phi' },
        { step: 'flip', axes: ['eta', 'phi'] },
        pixelate,
        byMax,
      ],
    ],
    [
      'turned by the principal axis as momenta',
      [
        { step: 'centre', on: 'jet' },
        { step: 'rotate', by: 'principal-axis', mode: 'lorentz', onto: '+eta' },
        pixelate,
        { step: 'normalise', by: 'l2' },
      ],
    ],
    [
      'with three channels and stored mean and deviation',
      [
        { step: 'centre', on: 'leading' },
        { step: 'pixelate', pixels: 15, halfWidth: 0.8, channels: ['energy', 'multiplicity', 'pt'] },
        { step: 'normalise', by: 'sum' },
        { step: 'normalise', by: 'standardise', mean: [0.001], std: new Array(15 * 15 * 3).fill(0.05) },
      ],
    ],
  ])('scores jets %s', async (_, steps) => {
    expect(await compare(recipe(...steps), 1500, 0.5)).toBeLessThan(60);
  });

  it('fails where the lowered recipe is another one', async () => {
    const file = imageModel(40, 1, 1);
    const [iml, other] = [namedRecipe('iml-40'), recipe({ step: 'centre', on: 'jet' }, { ...pixelate, pixels: 40 })];
    await expect(
      certifyLowered({
        bytes: lowerRecipe(other, file),
        imageModel: file,
        recipe: iml,
        jets: sprays(20, random(1)),
        open: openOrt,
      }),
    ).rejects.toMatchObject({ code: 'PARITY_FAILED', details: { tolerance: 1e-5 } });
  });

  it('takes any number of constituents, and gives empty jets the score of an empty image', async () => {
    const iml = namedRecipe('iml-40');
    const model = imageModel(40, 1, 1);
    const lowered = lowerRecipe(iml, model);
    const [empty] = await scoresOf(model, 'image', [1, 40, 40, 1], new Float32Array(1600));
    for (const m of [1, 2, 77])
      expect([...(await scoresOf(lowered, 'constituents', [2, m, 4], new Float32Array(8 * m)))]).toEqual([
        empty,
        empty,
      ]);
  });

  it('names the new input in the card, and drops the parity of the old file', () => {
    const card: ModelCard = {
      format: 'jetsdk-card/1',
      name: 'x',
      version: '1',
      task: 't',
      classes: ['b', 's'],
      signalClass: 's',
      input: { kind: 'images', name: 'image', shape: [40, 40, 1], layout: 'NHWC' },
      output: { name: 'score', kind: 'score' },
      parity: [{ runtime: 'r', jets: 1, maxAbsDifference: 0, tolerance: 1e-5 }],
      sdkVersion: SDK_VERSION,
      licence: 'MIT',
    };
    const lowered = lowerRecipe(namedRecipe('iml-40'), withCard(imageModel(40, 1, 1), card), { constituents: 120 });
    expect(readCard(lowered)).toMatchObject({
      input: { kind: 'constituents', name: 'constituents', shape: [120, 4], layout: 'NMC' },
      recipe: namedRecipe('iml-40'),
    });
    expect(readCard(lowered)?.parity).toBeUndefined();
  });

  it.each<[string, Recipe, number, RegExp]>([
    ['rotation by subjets', namedRecipe('jet-images-25'), 25, /rotate by subjets/],
    [
      'channels that need charges',
      recipe({ ...pixelate, channels: ['charged-pt'] }),
      20,
      /channel charged-pt needs charges/,
    ],
    ['images of another size', namedRecipe('iml-40'), 30, /makes images of \[40,40,1\], the model takes \[30,30,1\]/],
    ['a recipe that makes no image', recipe(byMax), 20, /no pixelate step/],
  ])('refuses %s', (_, refused, pixels, message) => {
    expect(() => lowerRecipe(refused, imageModel(pixels, 1, 1))).toThrow(message);
  });
});
