import { readScores } from '@jetsdk/jets/files';
import { fileTarget } from '../files.mjs';

export default fileTarget(
  'packages/jets/fixtures',
  /^(labels|charge|version\d)\.npy$|^types.*\.npz$|^ntuple\.root$|^records\.parquet$/,
  (path) => readScores(path),
);
