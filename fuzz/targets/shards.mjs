import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeShards, writeScores } from '@jetsdk/infer/shards';
import { mutateJson } from '../mutate.mjs';

const here = mkdtempSync(join(tmpdir(), 'jetsdk-fuzz-'));
process.on('exit', () => rmSync(here, { recursive: true, force: true }));

const file = (index, ending) => join(here, `scores.shard-${index}-of-2.${ending}`);
const sha256 = 'a'.repeat(64);

/** Manifests of two shards of four jets each; that of the second is the one that is damaged. */
const manifests = await Promise.all(
  [0, 1].map(async (index) => {
    const batches = (async function* () {
      yield { start: 0, scores: Float32Array.from([0.1, 0.2, 0.3, 0.4]) };
    })();
    return {
      format: 'jetsdk-shard/1',
      work: {
        sdkVersion: '0.1.0',
        model: { sha256, readout: { output: 'y', kind: 'score', columns: 1, signalColumn: 0 } },
        data: [{ name: 'jets.h5', bytes: 1000, jets: 8, fingerprint: sha256 }],
      },
      shard: { index, of: 2 },
      range: { start: 4 * index, stop: 4 * index + 4 },
      scores: await writeScores(file(index, 'npy'), 4, batches),
      runtime: 'onnxruntime-node 1.30.0 cpu',
    };
  }),
);
writeFileSync(file(0, 'json'), JSON.stringify(manifests[0]));

export default {
  seeds: () => [manifests[1]],
  mutate: mutateJson,
  async read(text) {
    writeFileSync(file(1, 'json'), text);
    await mergeShards(join(here, 'scores.npy'));
  },
};
