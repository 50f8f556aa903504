import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChosenSettings } from '@jetsdk/train';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TrainingFlags, withTrainingOptions } from './trainingOptions.js';
import { trainingSettings } from './trainingSettings.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jetsdk-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function settingsOf(...args: string[]): ChosenSettings {
  const command = withTrainingOptions(new Command('train').exitOverride());
  command.parse(args, { from: 'user' });
  return trainingSettings(command.opts<TrainingFlags>());
}

function file(content: unknown): string {
  const path = join(folder, 'settings.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('training settings', () => {
  it('are read from flags', () => {
    expect(
      settingsOf(
        ...['--epochs', '7', '--batch-size', '64', '--learning-rate', '2e-3', '--patience', '3', '--clip-norm', '1.5'],
        ...['--schedule', 'cosine:0.01', '--class-weights', '1,2.5', '--sgd', '0.9', '--flat-pt'],
        ...['--flip', 'eta,phi', '--rotate', '10', '--shift', '1', '--smear', '0.1'],
      ),
    ).toEqual({
      epochs: 7,
      batchSize: 64,
      learningRate: 2e-3,
      patience: 3,
      clipNorm: 1.5,
      schedule: { kind: 'cosine', final: 0.01 },
      classWeights: [1, 2.5],
      optimizer: { kind: 'sgd', momentum: 0.9 },
      jetWeights: 'flat-pt',
      augmentation: { flip: ['eta', 'phi'], rotate: 10, shift: 1, smear: 0.1 },
    });
    expect(settingsOf('--schedule', 'step:10:0.5').schedule).toEqual({ kind: 'step', every: 10, factor: 0.5 });
    expect(settingsOf('--schedule', 'plateau:3:0.2').schedule).toEqual({ kind: 'plateau', patience: 3, factor: 0.2 });
    expect(settingsOf('--class-weights', 'balanced').classWeights).toBe('balanced');
    expect(settingsOf('--schedule', 'none').schedule).toBeNull();
    expect(settingsOf('--no-flat-pt').jetWeights).toBeNull();
    expect(settingsOf('--flip', 'none').augmentation).toEqual({ flip: [] });
    expect(settingsOf()).toEqual({});
  });

  it('are read from a JSON file, and flags go before it', () => {
    const path = file({ epochs: 9, learningRate: 0.1, augmentation: { shift: 2, smear: 0.2 } });
    expect(settingsOf('--settings', path, '--epochs', '3', '--shift', '1')).toEqual({
      epochs: 3,
      learningRate: 0.1,
      augmentation: { shift: 1, smear: 0.2 },
    });
  });

  it.each([
    ['--schedule', 'cosine:2'],
    ['--schedule', 'step:1.5:0.5'],
    ['--schedule', 'linear'],
    ['--class-weights', '1'],
    ['--class-weights', '1,-1'],
    ['--sgd', '1'],
    ['--flip', 'x'],
    ['--shift', '0'],
    ['--rotate', '200'],
  ])('refuse %s %s', (option, value) => {
    expect(() => settingsOf(option, value)).toThrow(/got .*expected/);
  });

  it.each([
    ['a key that is none', { epoch: 3 }, /json.epoch: got 3; expected only the keys .*epochs/],
    ['a number that is none', { epochs: '3' }, /epochs: got "3"/],
    ['a schedule that is none', { schedule: { kind: 'cosine' } }, /schedule.final: got undefined/],
    ['a list', [1], /got \[1\]; expected an object/],
    ['no JSON', '{', /not JSON/],
  ])('refuse a file with %s', (_, content, message) => {
    expect(() => settingsOf('--settings', file(content))).toThrow(message);
  });

  it('refuse a file that is not there', () => {
    expect(() => settingsOf('--settings', join(folder, 'none.json'))).toThrow(/cannot read/);
  });
});
