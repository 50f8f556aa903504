import { inspectModel } from '@jetsdk/export';
import { seedFiles } from '../files.mjs';
import { mutateBytes } from '../mutate.mjs';

export default {
  seeds: () => seedFiles('packages/infer/fixtures', /\.onnx$/),
  mutate: mutateBytes,
  read: (bytes) => inspectModel(bytes),
};
