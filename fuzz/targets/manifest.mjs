import { completeRules, parseManifest, parseSecret } from '@jetsdk/eval/challenge';
import { mutateJson } from '../mutate.mjs';

const sha256 = 'a'.repeat(64);
const file = (name) => ({ file: name, sha256 });

const manifest = {
  format: 'jetsdk-challenge/1',
  name: 'tops',
  title: 'Tops',
  count: 20,
  kind: 'constituents',
  jetShape: [200, 4],
  jets: file('jets.h5'),
  ids: file('ids.txt'),
  rules: completeRules({}),
  publicFraction: 0.3,
  commitment: sha256,
  sdkVersion: '0.1.0',
};
const secret = {
  format: 'jetsdk-challenge-secret/1',
  seed: 'abc',
  source: 'test.h5',
  receiptKey: sha256,
  announced: sha256,
  labels: file('labels.npy'),
  board: file('board.npy'),
};

export default {
  seeds: () => [manifest, secret],
  mutate: mutateJson,
  read(text) {
    if (text.includes('secret/1')) parseSecret('secret.json', text);
    else parseManifest('challenge.json', text);
  },
};
