import { parseJson } from '@jetsdk/jets/json';
import { parseTrainingSettings } from '@jetsdk/train';
import { mutateJson } from '../mutate.mjs';

export default {
  seeds: () => [
    {
      epochs: 3,
      batchSize: 32,
      learningRate: 1e-3,
      patience: 2,
      clipNorm: 1,
      classWeights: [1, 2],
      schedule: 'cosine',
      optimizer: { kind: 'sgd', momentum: 0.9 },
      augmentation: { flip: ['eta', 'phi'], rotate: 10 },
    },
    { epochs: 1, jetWeights: 'flat-pt' },
  ],
  mutate: mutateJson,
  read: (text) => parseTrainingSettings(parseJson(text, 'settings.json'), 'settings.json'),
};
