import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadGenerator } from '@jetsdk/infer';
import { expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from '../../../../tests/support/command.js';

test('taggers, regressors and generators are listed, each with its own figures', () => {
  const { status, stdout } = jetsdk(['models']);
  expect(status).toBe(0);
  for (const row of [
    /^landscape-resnet +top against QCD jets .* 0\.\d{4} +generated/m,
    /^pumml +neutral pT/m,
    /^calo-flow +showers in three layers of a calorimeter +507 normal numbers, energy .* 0\.\d{4} two-sample/m,
  ])
    expect(stdout).toMatch(row);
  const { stdout: json } = jetsdk(['models', '--json']);
  const names = (JSON.parse(json) as { name: string }[]).map(({ name }) => name);
  const folders = readdirSync(join(root, 'models'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(names).toEqual(folders.map(({ name }) => name).sort());
});

test('a model whose card alone is there is listed with where to find how it is made, and refused with it', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'models/calo-flow'), { recursive: true });
  copyFileSync(join(root, 'models/calo-flow/generator.json'), join(folder, 'models/calo-flow/generator.json'));
  const models = join(folder, 'models');
  expect(jetsdk(['models', '--models', models]).stdout).toMatch(
    /^calo-flow +showers .*\(its README says how to make the file\)/m,
  );
  await expect(loadGenerator('calo-flow', { models })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: expect.stringMatching(/model calo-flow: its card is in .*, its file is not; .*README\.md/),
  });
});
