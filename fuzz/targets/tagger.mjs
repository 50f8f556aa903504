import { loadTagger } from '@jetsdk/infer';
import { seedFiles } from '../files.mjs';
import { mutateBytes } from '../mutate.mjs';

/** Zeros for every input that the model has, of the shape that it says. */
function zeros({ info }) {
  const inputs = Object.fromEntries(
    info.inputs.map(({ name, shape, kind }) => {
      const size = shape.map((length) => (length > 0 && length <= 64 ? length : 12));
      return [name, { kind, shape: [2, ...size], data: new Float32Array(2 * size.reduce((a, b) => a * b, 1)) }];
    }),
  );
  return { kind: 'inputs', inputs };
}

export default {
  seeds: () => seedFiles('packages/infer/fixtures', /\.onnx$/),
  mutate: mutateBytes,
  async read(bytes) {
    const tagger = await loadTagger(bytes, { device: 'cpu', threads: 1 });
    try {
      await tagger.score(zeros(tagger));
    } finally {
      await tagger.dispose();
    }
  },
};
