import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readFlowHeader } from './flowHeader.js';
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

describe('what flow.bin says', () => {
  const steps = [
    { op: 'Input', name: 'energy', columns: 1 },
    { op: 'Constant', name: 'scale' },
    { op: 'Div', of: [0, 1] },
    { op: 'Log', of: [2] },
    { op: 'Slice', of: [3], start: 0, stop: 1 },
    { op: 'Concat', of: [3, 4] },
  ];
  const formula = (name: string, shape: readonly number[]) => ({
    steps,
    outputs: [{ name: 'features', value: 5, shape: [2] }],
    constants: [{ name, shape }],
  });
  const header = {
    conditions: [{ name: 'energy', unit: 'GeV', range: [1, 100] }],
    parts: [3, 4],
    steps: 8,
    features: formula('a', [1, 2]),
    decode: formula('b', [3]),
    lengths: [2, 3],
  };
  const arrays = [Float32Array.of(1, 2), Float32Array.of(3, 4, 5)];

  it('is the flow with the numbers of its constants', () => {
    const { lengths: _, ...told } = header;
    expect(readFlowHeader(structuredClone(header), arrays, 'flow.bin')).toEqual({
      ...told,
      features: { ...told.features, constants: [{ name: 'a', shape: [1, 2], data: arrays[0] }] },
      decode: { ...told.decode, constants: [{ name: 'b', shape: [3], data: arrays[1] }] },
    });
  });

  it.each<[string, object, RegExp]>([
    [
      'a step of another kind',
      { decode: { ...header.decode, steps: [{ op: 'Sin', of: [0, 0] }] } },
      /steps\[0\]\.op: got "Sin"/,
    ],
    [
      'a sum of one',
      { features: { ...header.features, steps: [{ op: 'Add', of: [0] }] } },
      /steps\[0\]\.of: got \[0\]/,
    ],
    ['no parts', { parts: undefined }, /flow\.bin\.parts: got undefined/],
    ['a constant of other numbers', { decode: formula('b', [4]) }, /3 numbers for constant b; expected 4/],
  ])('is refused with %s', (_, change, message) => {
    expect(() => readFlowHeader({ ...header, ...change }, arrays, 'flow.bin')).toThrow(
      expect.objectContaining({ code: 'BAD_FILE', message: expect.stringMatching(message) }),
    );
  });
});
