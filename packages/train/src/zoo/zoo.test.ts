import { beforeAll, describe, expect, test } from 'vitest';
import { artifactsOf } from '../artifacts.js';
import { selectBackend } from '../backend/select.js';
import { digest } from '../compare.testing.js';
import { zoo } from './index.js';

beforeAll(() => selectBackend('wasm', { threads: 1 }));

test('course-cnn has 115,441 parameters for 30×30 images, 115,425 of them trainable', () => {
  const model = zoo['course-cnn']!.build([30, 30, 1], 1);
  expect(model.countParams()).toBe(115_441);
  const trainable = model.trainableWeights.map((weight) => weight.shape.reduce<number>((a, b) => a * b!, 1));
  expect(trainable.reduce((a, b) => a + b)).toBe(115_425);
  model.dispose();
});

test('tutorial-cnn has 216,546 parameters for 40×40 images', () => {
  const model = zoo['tutorial-cnn']!.build([40, 40, 1], 1);
  expect(model.countParams()).toBe(216_546);
  model.dispose();
});

describe.each(Object.entries(zoo))('%s', (_, network) => {
  test('has as many outputs as it says, and its own input shape', () => {
    const model = network.build(network.inputShape, 1);
    expect(model.outputs[0]!.shape).toEqual([null, network.outputs]);
    expect(model.inputs[0]!.shape).toEqual([null, ...network.inputShape]);
    model.dispose();
  });

  test('has the same weights for the same seed and others for another', () => {
    const weights = [7, 7, 8].map((seed) => {
      const model = network.build(network.inputShape, seed);
      const weights = digest(artifactsOf(model));
      model.dispose();
      return weights;
    });
    expect(weights[0]).toBe(weights[1]);
    expect(weights[0]).not.toBe(weights[2]);
  });
});
