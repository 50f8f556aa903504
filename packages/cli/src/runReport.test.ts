import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LabelledInputs, namedRecipe, rowsOf } from '@jetsdk/jets';
import { loadRun, predict, selectBackend, trainRun } from '@jetsdk/train';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readLabelledFile } from './dataset.js';
import { summariseArtifacts } from './networkSummary.js';
import { type RunReport, writeRunReport } from './runReport.js';

const data = join(import.meta.dirname, '../../../data');
const folder = mkdtempSync(join(tmpdir(), 'jetsdk-run-'));
let report: RunReport;

/** The first jets of each file of the sample. */
function first({ inputs, labels }: LabelledInputs, count: number) {
  return {
    inputs: rowsOf(inputs, 0, count),
    labels: labels.slice(0, count),
  };
}

beforeAll(async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const recipe = namedRecipe('course-30-sum');
  const [train, validation] = await Promise.all(
    ['train.h5', 'val.h5'].map((file) => readLabelledFile(join(data, file), recipe, file)),
  );
  await selectBackend('auto');
  const measured = first(validation!, 600);
  await trainRun(
    folder,
    {
      network: 'course-cnn',
      seed: 1,
      epochs: 2,
      batchSize: 64,
      recipe,
      augmentation: { flip: ['eta', 'phi'] },
      dataset: { name: 'train.h5', classes: ['QCD', 'top'] },
    },
    first(train!, 1200),
    measured,
  );
  const { artifacts, run, history } = await loadRun(folder);
  const scores = await predict(artifacts, measured.inputs);
  const network = await summariseArtifacts('course-cnn', artifacts);
  const command = 'jetsdk train course-cnn --data train.h5 -o run';
  const beside = { choseEpoch: true, labels: measured.labels, scores, network, command };
  report = { run, history, jets: 'the jets of val.h5', ...beside };
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const write = async (change: Partial<RunReport> = {}): Promise<string> =>
  readFileSync(await writeRunReport(folder, { ...report, ...change }), 'utf8');

describe('writeRunReport', () => {
  it('writes curves, confusion matrix, scores and settings of a real run into its folder', async () => {
    const html = await write();
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe(html);
    // the ROC curve in both planes: 1/ε_B and ε_B against ε_S
    const pictures = { roc: 2, significance: 1, history: 1, scores: 1, confusion: 1 };
    for (const [kind, count] of Object.entries(pictures))
      expect(html.match(new RegExp(`class="jet-plot jet-plot-${kind}"`, 'g'))).toHaveLength(count);
    expect(html).toContain(`best epoch ${report.history.bestEpoch}`);
    expect(html).toMatch(/<dt>Learning rate<\/dt><dd>[\d.]+<\/dd>/);
    expect(html).toContain('<dt>Optimizer</dt><dd>adam</dd>');
    expect(html).toContain('<dt>Augmentation</dt><dd>flip eta, phi</dd>');
    expect(html).toContain('<dt>Recipe</dt><dd>course-30-sum: centre, rotate, flip, pixelate, normalise</dd>');
    expect(html).toContain('measured on 600 jets: the jets of val.h5.');
    expect(html).toMatch(/1,200 jets to learn from, \d/);
    expect(html).toContain('jet-plot-network');
    const shown = html.replace(/<span class="of"[^>]*>\w+<\/span> /g, '');
    expect(shown).toMatch(
      /<th scope="row">hidden<\/th><td class="text">Dense<\/td><td class="text">64<\/td><td>115,264<\/td>/,
    );
    expect(html).toMatch(/Operations of one jet: 0.378 MFLOP/);
    expect(html).toContain(report.command);
    expect(html).not.toMatch(/NaN|undefined|\[object/);
  });

  it('counts the confusion matrix at a score of 0.5', async () => {
    const labels = Uint8Array.of(0, 0, 0, 1, 1);
    const scores = Float32Array.of(0.1, 0.49, 0.5, 0.2, 0.9);
    expect(await write({ labels, scores })).toContain('QCD: 2 as QCD, 1 as top; top: 1 as QCD, 1 as top');
  });

  it('warns where the measured jets chose the epoch, and hands on the warnings of the training', async () => {
    expect(await write()).toContain('<code>chose-epoch</code>');
    const html = await write({ choseEpoch: false, history: { ...report.history, warnings: ['one class only'] } });
    expect(html).not.toContain('chose-epoch');
    expect(html).toContain('<code>training</code> one class only');
  });

  it('takes names and title from the caller', async () => {
    const html = await write({ classes: ['light', 'W'], title: 'W tagging' });
    expect(html).toContain('<h1>W tagging</h1>');
    expect(html).toContain('light: ');
    expect(html).not.toContain('QCD');
  });

  it('throws where a class has no jets', async () => {
    await expect(write({ labels: new Uint8Array(600) })).rejects.toMatchObject({ name: 'JetError' });
  });
});
