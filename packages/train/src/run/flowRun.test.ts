import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadFlow } from './trainFlow.js';

const RUN = {
  format: 'jetsdk-flow-run/1',
  sdkVersion: '0.1.0',
  network: 'calo-flow',
  settings: { seed: 1, epochs: 2, batchSize: 8, learningRate: 1e-3, units: [8, 8], blocks: 1, steps: 4 },
  dataset: { name: 'showers.h5', rows: [0, 100], fingerprint: 'a'.repeat(64) },
  parameters: 100,
  backend: 'wasm',
};
const EPOCH = { epoch: 1, loss: 1, valLoss: 1, learningRate: 1e-3, seconds: 2 };
const HISTORY = { format: 'jetsdk-flow-history/1', epochs: [EPOCH] };

it.each([
  ['a run of another kind', { ...RUN, format: 'jetsdk-run/1' }, HISTORY, /run\.json\.format: got "jetsdk-run\/1"/],
  ['a run without its settings', { ...RUN, settings: undefined }, HISTORY, /run\.json\.settings: got undefined/],
  ['a seed that is text', { ...RUN, settings: { ...RUN.settings, seed: '1' } }, HISTORY, /settings\.seed: got "1";/],
  ['a history without epochs', RUN, { ...HISTORY, epochs: 3 }, /history\.json\.epochs: got 3; expected a list/],
  ['an epoch without its loss', RUN, { ...HISTORY, epochs: [{ ...EPOCH, loss: null }] }, /epochs\[0\]\.loss: got null/],
  ['no flow beside them', RUN, HISTORY, /a run of another kind; expected one of a flow/],
])('the folder of a flow is refused with %s', async (_, run, history, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-flow-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
  writeFileSync(join(folder, 'history.json'), JSON.stringify(history));
  await expect(loadFlow(folder)).rejects.toMatchObject({ code: 'BAD_FILE', message: expect.stringMatching(message) });
});
