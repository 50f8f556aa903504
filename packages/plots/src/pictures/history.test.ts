import { describe, expect, it } from 'vitest';
import { framesOf } from '../parts/frames.js';
import { elements, labels, readXml, textOf } from '../picture.testing.js';
import { bestEpochOf, history } from './history.js';

const training = {
  loss: [0.6, 0.4, 0.3, 0.25],
  valLoss: [0.6, 0.5, 0.35, 0.4],
  accuracy: [0.7, 0.8, 0.85, 0.9],
  valAccuracy: [0.7, 0.75, 0.8, 0.79],
};

describe('history', () => {
  it('marks the epoch with the lowest validation loss', () => {
    expect(bestEpochOf(training)).toBe(3);
    expect(bestEpochOf({ loss: training.loss })).toBe(4);
    expect(bestEpochOf({ ...training, bestEpoch: 2 })).toBe(2);
    expect(labels(history(training))).toContain('best epoch 3');
  });

  it('draws loss and accuracy over one epoch axis', () => {
    const svg = history(training, { heading: 'course-cnn' });
    for (const label of ['Loss', 'Accuracy', 'Epoch', 'training', 'validation', 'course-cnn'])
      expect(labels(svg)).toContain(label);
    expect(labels(svg).filter((label) => label === '2')).toHaveLength(1);
  });

  it('draws loss alone', () => {
    expect(labels(history({ loss: training.loss }))).not.toContain('Accuracy');
  });

  it('draws a single epoch', () => {
    const svg = history({ loss: [0.5], valLoss: [0.5] });
    expect(labels(svg)).toContain('1');
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(textOf(elements(readXml(svg), 'title')[0])).toBe('Training history over 1 epoch, best epoch 1');
  });

  it.each([
    ['NOT_FINITE', { loss: [0.5, Number.NaN] }],
    ['SHAPE_MISMATCH', { loss: [0.5, 0.4], valLoss: [0.5] }],
    ['BAD_ARGUMENT', { loss: [] }],
    ['OUT_OF_RANGE', { loss: [0.5], bestEpoch: 2 }],
  ])('throws %s for what cannot be drawn', (code, broken) => {
    expect(() => history(broken)).toThrowError(expect.objectContaining({ name: 'JetError', code }));
  });

  it('leaves room for the title of an axis beside long numbers', () => {
    const frameOf = (loss: readonly number[]): number => {
      const svg = history({ loss, valLoss: loss }, { width: 520 });
      return 520 * (framesOf(svg)[0]?.left ?? Number.NaN);
    };
    expect(frameOf([0.6755, 0.6775]) - frameOf([0.6, 0.8])).toBeGreaterThan(7.9);
  });
});
