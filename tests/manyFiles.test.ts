import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetImages, memorySource } from '@jetsdk/jets';
import { fileHash, openJets, writeJets } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import { readCard } from '@jetsdk/onnx';
import { describe, expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

/** A command that must succeed. */
function run(folder: string, ...args: string[]): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = jetsdk(args, folder);
  expect(status, stderr).toBe(0);
  return { stdout, stderr };
}

/** A command that must refuse what it was given, in one line that is returned. */
function refused(folder: string, ...args: string[]): string {
  const { status, stderr } = jetsdk(args, folder);
  expect(status).toBe(2);
  return stderr;
}

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));
const sample = join(root, 'data/val.h5');
const TRAIN = ['train', 'course-cnn'];
const HOW = ['--recipe', 'course-30-sum', '--epochs', '1', '--batch-size', '64'];

/** The first jets of the sample in three files, and in one. */
function parts(folder: string): void {
  for (const [i, rows] of ['0:100', '100:250', '250:400'].entries())
    run(folder, 'data', 'convert', sample, '--rows', rows, '-o', `part-${i}.h5`);
  run(folder, 'data', 'convert', sample, '--rows', '0:400', '-o', 'whole.h5');
}

describe('several files of jets', { timeout: 180_000 }, () => {
  test('are one list: a training on them ends with the weights of one on all jets in a file, and the card names each', async () => {
    const folder = temporaryFolder();
    parts(folder);
    run(folder, ...TRAIN, '--data', 'whole.h5', ...HOW, '-o', 'one');
    run(folder, ...TRAIN, '--data', 'part-*.h5', ...HOW, '-o', 'many');
    run(folder, ...TRAIN, '--data', 'part-0.h5', 'part-1.h5', 'part-2.h5', ...HOW, '-o', 'named');
    for (const name of ['many', 'named'])
      expect(readFileSync(join(folder, name, 'weights.bin'))).toEqual(readFileSync(join(folder, 'one/weights.bin')));
    const files = await Promise.all(
      [0, 1, 2].map(async (i) => ({ name: `part-${i}.h5`, hash: await fileHash(join(folder, `part-${i}.h5`)) })),
    );
    expect(json(folder, 'many/run.json').dataset).toMatchObject({
      name: 'part-0.h5, part-1.h5, part-2.h5',
      files,
      trainJets: 240,
    });
    run(folder, 'export', 'many', '-o', 'model.onnx');
    expect(readCard(readFileSync(join(folder, 'model.onnx')))?.training).toMatchObject({ files });

    const { stderr } = run(folder, 'score', 'model.onnx', 'part-*.h5', '-o', 'scores.npy');
    expect(stderr.match(/took part in the training/g)).toHaveLength(3);
    const told = JSON.parse(run(folder, 'eval', '--labels', 'part-?.h5', '--scores', 'scores.npy', '--json').stdout);
    run(folder, 'score', 'model.onnx', 'whole.h5', '-o', 'whole.npy');
    const whole = JSON.parse(run(folder, 'eval', '--labels', 'whole.h5', '--scores', 'whole.npy', '--json').stdout);
    expect(told.results[0].auc).toBe(whole.results[0].auc);
    expect(refused(folder, 'export', 'many', '-o', 'x.onnx', '--measure', 'part-1.h5')).toMatch(
      /trained on jets of this/,
    );
  });

  test('are split by file, and told of one by one and together', () => {
    const folder = temporaryFolder();
    parts(folder);
    run(folder, ...TRAIN, '--data', 'part-0.h5', 'part-1.h5', '--validation', 'part-2.h5', ...HOW, '-o', 'run');
    expect(json(folder, 'run/run.json').dataset).toMatchObject({ trainJets: 250, validationJets: 150 });
    const { stdout } = run(folder, 'data', 'info', 'part-0.h5', 'part-1.h5');
    expect(stdout).toMatch(/100 jets as[\s\S]*150 jets as[\s\S]*2 files: 250 jets as constituents \(200 × 4\)/);
    const { files, jets } = JSON.parse(run(folder, 'data', 'info', 'part-*.h5', '--json').stdout);
    expect([files.length, jets.count]).toEqual([3, 400]);
  });

  test('with other jets, other classes or without labels are refused by name, and nothing is left behind', async () => {
    const folder = temporaryFolder();
    run(folder, 'data', 'convert', sample, '--rows', '0:100', '-o', 'a.h5');
    const source = await openJets(join(folder, 'a.h5'));
    const jets = await source.read(0, 100);
    await writeJets(join(folder, 'bare.h5'), memorySource(jets));
    source.close();
    writeFileSync(
      join(folder, 'images.npy'),
      writeNpy({ dtype: 'float32', shape: [2, 3, 3, 1], data: jetImages(new Float32Array(18), [3, 3, 1]).data }),
    );
    const classes = ['jetclass.parquet', 'jetclass2.parquet'].map((file) => join(root, 'packages/jets/fixtures', file));
    const train = (...files: string[]): string => refused(folder, ...TRAIN, '--data', ...files, ...HOW, '-o', 'run');
    expect(train('a.h5', 'bare.h5')).toMatch(/bare\.h5: no labels.*expected them in all files or in none/);
    expect(train(...classes)).toMatch(/jetclass2\.parquet: classes QCD, X, after QCD, signal/);
    expect(train('a.h5', 'images.npy')).toMatch(/images\.npy: images of \(3, 3, 1\).*a\.h5 has constituents/);
    expect(train('a.h5', 'no-*.h5')).toMatch(/no-\*\.h5: no file of such a name/);
    expect(existsSync(join(folder, 'run'))).toBe(false);
    expect(refused(folder, 'data', 'info', ...classes)).toMatch(/jetclass2\.parquet: classes/);
    writeFileSync(join(folder, 's.npy'), writeNpy({ dtype: 'float32', shape: [200], data: new Float32Array(200) }));
    const evaluated = ['eval', '--scores', 's.npy', '--labels'];
    expect(refused(folder, ...evaluated, 'a.h5', 'bare.h5')).toMatch(/bare\.h5: no labels/);
    expect(refused(folder, ...evaluated, ...classes)).toMatch(/jetclass2\.parquet: classes/);
  });
});
