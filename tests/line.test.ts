import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTagger } from '@jetsdk/infer';
import { openJets, readScores } from '@jetsdk/jets/files';
import { describe, expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

/** A command that must succeed. */
function run(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = jetsdk(args, folder);
  expect(status, stderr).toBe(0);
  return stdout;
}

describe('the whole line on real jets', () => {
  test('trains, exports, scores and evaluates by the command line, and the library gives the same scores', async () => {
    const folder = temporaryFolder();
    run(folder, 'data', 'convert', join(root, 'data/train.h5'), '--rows', '0:2000', '-o', 'train.h5');
    run(folder, 'data', 'convert', join(root, 'data/test.h5'), '--rows', '0:1000', '-o', 'test.h5');
    const trained = run(
      folder,
      ...['train', 'course-cnn', '--data', 'train.h5', '--validation', join(root, 'data/val.h5')],
      ...['--recipe', 'course-30-sum', '--batch-size', '128', '--epochs', '4', '-o', 'run'],
    );
    expect(trained).toMatch(/best epoch \d of 4/);
    expect(run(folder, 'export', 'run', '-o', 'model.onnx')).toMatch(/max \|Δscore\| = /);

    const card = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8'));
    expect(card.training).toMatchObject({ network: 'course-cnn', parameters: 115_441, trainJets: 2000, epochs: 4 });
    expect(card.parity[0].maxAbsDifference).toBeLessThanOrEqual(1e-5);
    expect(card.recipe.name).toBe('course-30-sum');

    expect(Object.keys(card)).not.toContain('licence');
    expect(Object.keys(card)).not.toContain('version');
    expect(run(folder, 'inspect', 'model.onnx')).toContain('licence not stated');

    run(folder, 'export', 'run', '-o', 'other.onnx', '--licence', 'CC0-1.0', '--model-version', '2');
    const other = JSON.parse(readFileSync(join(folder, 'other.card.json'), 'utf8'));
    expect(other).toMatchObject({ licence: 'CC0-1.0', version: '2' });
    expect(JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8'))).toEqual(card);

    const bytes = readFileSync(join(folder, 'model.onnx'));
    run(folder, 'export', 'model.onnx', '--triton', 'repository');
    expect(readFileSync(join(folder, 'repository/course-cnn/1/model.onnx'))).toEqual(bytes);
    expect(readFileSync(join(folder, 'repository/course-cnn/config.pbtxt'), 'utf8')).toContain(
      createHash('sha256').update(bytes).digest('hex'),
    );

    run(folder, 'score', 'model.onnx', 'test.h5', '-o', 'scores.npy');
    run(folder, 'score', 'course-cnn', 'test.h5', '-o', 'reference.npy');
    const { results } = JSON.parse(run(folder, 'eval', '--labels', 'test.h5', '--scores', 'scores.npy', '--json'));
    expect(results[0]).toMatchObject({ name: 'scores', jets: 1000 });
    expect(results[0].auc).toBeGreaterThan(0.9);

    expect(run(folder, 'export', 'run/model.json', '-o', 'foreign.onnx')).toMatch(
      /against TensorFlow.js on 1000 inputs/,
    );
    const hints = ['--recipe', 'course-30-sum', '--output-kind', 'score'];
    run(folder, 'score', 'foreign.onnx', 'test.h5', '-o', 'foreign.npy', ...hints);
    const foreign = await readScores(join(folder, 'foreign.npy'));
    const known = await readScores(join(folder, 'scores.npy'));
    expect(Math.max(...foreign.map((score, i) => Math.abs(score - known[i])))).toBeLessThan(1e-6);

    const { devices } = JSON.parse(
      run(folder, 'parity', 'model.onnx', '--data', 'test.h5', '--device', 'wasm', '--json'),
    );
    expect(devices).toMatchObject([
      { device: 'cpu' },
      { device: 'wasm', runtime: expect.stringMatching(/^onnxruntime-web/) },
    ]);

    mkdirSync(join(folder, 'whole'));
    const compared = run(
      folder,
      'export',
      'run',
      '-o',
      'whole/model.onnx',
      '--calibration',
      'test.h5',
      '--with-preprocessing',
    );
    expect(compared).toMatch(/self-contained against recipe and image model on 9\d\d jets/);
    run(folder, 'score', 'whole/model.onnx', 'test.h5', '-o', 'whole/scores.npy');
    const whole = await readScores(join(folder, 'whole/scores.npy'));
    const parts = await readScores(join(folder, 'scores.npy'));
    expect(parts.filter((score, i) => Math.abs(score - whole[i]) > 1e-5).length).toBeLessThan(20);

    const tagger = await loadTagger(readFileSync(join(folder, 'model.onnx')));
    const source = await openJets(join(folder, 'test.h5'));
    const scores = await tagger.score(await source.read(0, source.count));
    source.close();
    await tagger.dispose();
    expect(tagger.info.card).toEqual(card);
    expect(scores).toEqual(await readScores(join(folder, 'scores.npy')));
  });

  test('an interrupted training ends with the same weights as one that was not', () => {
    const folder = temporaryFolder();
    const train = (output: string, ...more: string[]): string =>
      run(
        folder,
        ...['train', 'course-cnn', '--data', join(root, 'data/val.h5'), '--recipe', 'course-30-sum'],
        ...['--batch-size', '128', '--seed', '3', '-o', output, ...more],
      );
    train('whole', '--epochs', '3');
    train('parts', '--epochs', '1');
    train('parts', '--epochs', '3', '--resume');
    for (const file of ['weights.bin', 'model.json', 'test.json'])
      expect(readFileSync(join(folder, 'parts', file))).toEqual(readFileSync(join(folder, 'whole', file)));
    expect(jetsdk(['train', 'course-cnn', '--data', join(root, 'data/val.h5'), '-o', 'whole'], folder).stderr).toMatch(
      /already holds a run/,
    );
  });

  test('the demo of the README ends in a report, and its example scores jets', { timeout: 300_000 }, () => {
    const folder = temporaryFolder();
    const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'demo', '--', '-o', folder], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    expect(status, stderr).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['card.json', 'model.onnx', 'report.html', 'run', 'scores.npy']);
    expect(stdout).toMatch(/Three commands to try next/);
    const html = readFileSync(join(folder, 'report.html'), 'utf8');
    for (const text of ['Δη', 'Δφ', 'Background rejection', 'Signal efficiency', 'Paired tests', 'Ranking'])
      expect(html).toContain(text);
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(existsSync(join(folder, 'run/history.json'))).toBe(true);

    const [, code] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))!;
    const example = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', code!.replace('demo/model.onnx', join(folder, 'model.onnx'))],
      { cwd: root, encoding: 'utf8' },
    );
    // drivers of graphics cards, which auto tries, may have things to say
    expect(example.status, example.stderr).toBe(0);
    expect(Number(example.stdout)).toBeGreaterThan(0.95);
  });
});
