/** @file How `train` trains, from flags or a JSON file. */
import { type ChosenSettings, parseTrainingSettings } from '@jetsdk/train';
import type { TrainingFlags } from './trainingOptions.js';

/**
 * The settings of the file, if there is one, with those of the flags in their place.
 *
 * @throws {JetError} BAD_ARGUMENT naming the key of the file
 */
export function trainingSettings({ settings: file, ...flags }: TrainingFlags): ChosenSettings {
  const settings = file === undefined ? {} : parseTrainingSettings(file.value, `settings ${file.path}`);
  const chosen = <K extends string, T extends { readonly [key in K]?: unknown }>(from: T, keys: readonly K[]) =>
    Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));
  const augmentation = chosen(flags, ['flip', 'rotate', 'shift', 'smear']);
  return {
    ...settings,
    ...chosen(flags, ['epochs', 'batchSize', 'learningRate', 'patience', 'clipNorm', 'classWeights']),
    ...(flags.schedule !== undefined && { schedule: flags.schedule === 'none' ? null : flags.schedule }),
    ...(flags.sgd !== undefined && { optimizer: { kind: 'sgd', momentum: flags.sgd } }),
    ...(flags.flatPt !== undefined && { jetWeights: flags.flatPt ? 'flat-pt' : null }),
    ...(Object.keys(augmentation).length > 0 && { augmentation: { ...settings.augmentation, ...augmentation } }),
  };
}
