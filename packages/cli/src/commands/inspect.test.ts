import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeModel, encodeModel, readCard, withCard } from '@jetsdk/onnx';
import { expect, it } from 'vitest';
import { root } from '../../../../tests/support/command.js';
import { useCommands } from './command.testing.js';
import { addData } from './data.js';
import { addInspect } from './inspect.js';
import { addSummary } from './summary.js';

const { at, call } = useCommands();

it('jetsdk inspect cuts what a stranger wrote into a card', async () => {
  const bytes = readFileSync(join(root, 'models/course-dense/model.onnx'));
  const { classes: _, ...card } = readCard(bytes)!;
  const long = 's'.repeat(30_000);
  writeFileSync(at('long.onnx'), withCard(bytes, { ...card, signalClass: long, classes: ['QCD', long] }));
  const lines = (await call(addInspect, at('long.onnx'))).stdout.split('\n');
  expect(lines.find((line) => line.startsWith('card'))).toMatch(/signal is s+…$/);
  for (const line of lines) expect(line.length).toBeLessThan(1100);
});

it('jetsdk summary and data info cut names of layers, columns and datasets', async () => {
  const model = decodeModel(readFileSync(join(root, 'models/course-dense/model.onnx')));
  const nodes = model.graph.nodes.map((node, i) => ({ ...node, name: `${i}${'n'.repeat(30_000)}` }));
  writeFileSync(at('layers.onnx'), encodeModel({ ...model, graph: { ...model.graph, nodes } }));
  writeFileSync(at('columns.csv'), `${'c'.repeat(30_000)},score\n1,2\n`);
  const [layers, columns] = [await call(addSummary, at('layers.onnx')), await call(addData, 'info', at('columns.csv'))];
  expect(layers.stdout).toContain('nnn…');
  for (const line of layers.stdout.split('\n')) expect(line.length).toBeLessThan(1000);
  expect(columns.stdout).toContain('ccc…');
  for (const line of columns.stdout.split('\n')) expect(line.length).toBeLessThan(1000);
});

it.each([
  ['course-cnn', /card +course-cnn \d+: top against QCD jets; signal is top; MIT\nrecipe +course-30-sum: centre/],
  ['pumml', /card +pumml \d+: .*; MIT\nrecipe +pumml: .*\nmeasured +loss 0\.0\d+ on 5,000 jets/],
  [
    'calo-flow',
    /card +calo-flow \d+: showers in three layers of a calorimeter; MIT\ncondition +energy from 1 to 100 GeV/,
  ],
])('jetsdk inspect %s says what its card says, whatever kind of model it is', async (model, said) => {
  expect((await call(addInspect, model)).stdout).toMatch(said);
});
