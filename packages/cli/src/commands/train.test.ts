import { flows, gans, regressors, zoo } from '@jetsdk/train';
import { expect, test } from 'vitest';
import { jetsdk } from '../../../../tests/support/command.js';
import { GENERATORS, NETWORKS, REGRESSORS } from '../trainable.js';

test('the help of a network that cleans jets says what it takes, gives, and is trained with', () => {
  const { status, stdout, stderr } = jetsdk(['train', 'pumml', '--help']);
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(
    /pumml: neutral pT[\s\S]*images of recipe pumml; gives those of recipe pumml-truth[\s\S]*epochs 300/,
  );
});

test.each([
  ['lagan', 'image (25 × 25, GeV) and signal', 'signal 0 or 1', 'batchSize 100'],
  [
    'calogan',
    'layer_0 (3 × 96, MeV), layer_1 (12 × 12, MeV), layer_2 (12 × 6, MeV) and energy',
    'energy 1 to 100 GeV',
    'discriminatorRate',
  ],
  ['jet-flow', 'image and signal', undefined, 'epochs 14'],
  ['calo-flow', 'layer_0, layer_1, layer_2 and energy', undefined, 'epochs 12'],
])('the help of %s says what it learns from and is trained with', (network, data, conditions, setting) => {
  const { status, stdout, stderr } = jetsdk(['train', network, '--help']);
  expect(status, stderr).toBe(0);
  const [, about = ''] = stdout.split(`\n${network}: `);
  expect(about).toContain(`learns from the columns ${data} of a file`);
  if (conditions !== undefined) expect(about).toContain(conditions);
  expect(about).toContain(setting);
  expect(about).toContain('--batch-size');
});

test('a name of nothing is told of all that can be trained, in training as in help', () => {
  for (const args of [
    ['train', 'lagn', '--help'],
    ['train', 'lagn', '--data', 'x.h5', '-o', 'run'],
  ])
    expect(jetsdk(args)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /network "lagn"; expected course-cnn, .*pumml, .*calo-flow, .*did you mean lagan\?/,
      ),
    });
});

test('a sweep of a generator is refused', () => {
  expect(jetsdk(['train', 'lagan', '--data', 'x.h5', '-o', 'runs', '--sweep', 'sweep.json'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--sweep with lagan, a generator; expected a network that scores or corrects jets'),
  });
});

test('the help of train lists everything that can be trained', () => {
  expect(NETWORKS).toEqual(Object.keys(zoo));
  expect(REGRESSORS).toEqual(Object.keys(regressors));
  expect(GENERATORS).toEqual([...flows.map(({ name }) => name), ...Object.keys(gans)]);
  const { stdout } = jetsdk(['train', '--help']);
  for (const name of GENERATORS) expect(stdout).toContain(name);
});
