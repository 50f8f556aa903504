import { describe, expect, it } from 'vitest';
import { jetImages, jets } from '../jets.js';
import { jetKinematics } from '../observables.js';
import { random } from '../random.js';
import { makeImages } from '../recipe/imager.js';
import { namedRecipe } from '../recipe/named.js';
import { inputForm, inputSource, readInputs, readLabelledInputs, toInputs } from './inputs.js';
import { memorySource } from './memory.js';

const COUNT = 1500;
const SLOTS = 3;
const rng = random(3);
const momentum = (): number[] => {
  const [px, py, pz] = [100 + rng.uniform(), rng.normal(), rng.normal()];
  return [Math.hypot(px, py, pz), px, py, pz];
};
const cloud = jets(Float32Array.from(Array.from({ length: COUNT * SLOTS }, momentum).flat()), SLOTS);
const labels = Uint8Array.from({ length: COUNT }, (_, jet) => jet % 2);
const recipe = namedRecipe('course-30');

describe('readInputs', () => {
  it('makes the images that the recipe makes of all jets at once, and counts up to their number', async () => {
    const seen: number[] = [];
    const onProgress = ({ done, total }: { done: number; total?: number | undefined }) => {
      expect(total).toBe(COUNT);
      seen.push(done);
    };
    expect(await readInputs(memorySource(cloud), recipe, { onProgress })).toEqual(makeImages(recipe, cloud));
    expect(seen).toEqual([1024, 1500]);
  });

  it('takes the leading constituents, and pads jets that have fewer', async () => {
    const two = await readInputs(memorySource(cloud), { constituents: 2 });
    expect(two.shape).toEqual([COUNT, 2, 4]);
    expect(two.data.subarray(8, 16)).toEqual(cloud.data.subarray(12, 20));
    const five = await readInputs(memorySource(cloud), { constituents: 5 });
    expect([...five.data.subarray(0, 20)]).toEqual([...cloud.data.subarray(0, 12), ...new Array<number>(8).fill(0)]);
  });
});

describe('readLabelledInputs', () => {
  it('gives labels, and the pT of each jet where it is asked for', async () => {
    const read = await readLabelledInputs(memorySource(cloud, { labels }), recipe, { pt: true });
    expect(read.labels).toEqual(labels);
    expect(read.pt).toEqual(jetKinematics(cloud).pt);
    expect(await readLabelledInputs(memorySource(cloud, { labels }), recipe)).not.toHaveProperty('pt');
  });

  it('throws BAD_DATASET without labels, and for the pT of images', async () => {
    const bad = { code: 'BAD_DATASET' };
    await expect(readLabelledInputs(memorySource(cloud), recipe)).rejects.toMatchObject(bad);
    const images = memorySource(jetImages(new Float32Array(4), [2, 2, 1]), { labels: Uint8Array.of(1) });
    await expect(readLabelledInputs(images, undefined, { pt: true })).rejects.toMatchObject(bad);
  });
});

describe('toInputs', () => {
  it('leaves images as they are without a recipe, and normalises them with one', () => {
    const images = jetImages(Float32Array.of(1, 3, 0, 0), [2, 2, 1]);
    expect(toInputs(images, undefined)).toBe(images);
    const sum = { format: 'jetsdk-recipe/1', name: 's', steps: [{ step: 'normalise', by: 'sum' }] } as const;
    expect([...toInputs(images, sum).data]).toEqual([0.25, 0.75, 0, 0]);
  });

  it('throws BAD_DATASET for constituents without a recipe, and for images where constituents are needed', () => {
    expect(() => toInputs(cloud, undefined, 'x.h5')).toThrow(/^x.h5: got constituents and no recipe/);
    expect(() => toInputs(jetImages(new Float32Array(4), [2, 2, 1]), { constituents: 20 })).toThrow(/takes 20/);
  });
});

it('the form of a network follows from the shape of its input', () => {
  expect(inputForm([20, 4], undefined)).toEqual({ constituents: 20 });
  expect(inputForm([30, 30, 1], recipe)).toBe(recipe);
  expect(inputForm([30, 30, 1], undefined)).toBeUndefined();
});

describe('inputs of bounded memory', () => {
  it('readInputs refuses more than it may take, before it takes any', async () => {
    const bytes = COUNT * 900 * 4;
    await expect(readInputs(memorySource(cloud), recipe, { maxBytes: bytes - 1 })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('1500 inputs of 30×30×1'),
    });
    expect((await readInputs(memorySource(cloud), recipe, { maxBytes: bytes })).shape[0]).toBe(COUNT);
  });

  it('inputSource makes the inputs when they are read, and keeps what lies beside the jets', async () => {
    const ids = Array.from(labels, (_, i) => `jet ${i}`);
    const beside = { labels, ids, classes: ['a', 'b'], columns: { n: labels } };
    const source = await inputSource(memorySource(cloud, beside), recipe);
    expect(source).toMatchObject({ kind: 'images', count: COUNT, jetShape: [30, 30, 1], classes: ['a', 'b'] });
    expect(await source.labels()).toEqual(labels);
    expect(await source.ids?.()).toEqual(ids);
    expect(await source.column?.('n')).toEqual(Float64Array.from(labels));
    expect((await source.read(7, 9)).data).toEqual(makeImages(recipe, cloud).data.slice(7 * 900, 9 * 900));
  });
});
