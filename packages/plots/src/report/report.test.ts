import { evaluate, pairedDelong, roc } from '@jetsdk/eval';
import { describe, expect, it } from 'vitest';
import { formatCount, formatLevel, formatPValue, formatRejection } from '../parts/formatNumber.js';
import { powerCurve, readXml, smallImage, twoClasses } from '../picture.testing.js';
import { type ReportData, report } from './report.js';

const full: ReportData = {
  title: 'Top tagging',
  summary: 'All of it.',
  results: [
    {
      name: 'network',
      jets: 10_000,
      signal: 5000,
      background: 5000,
      auc: 0.97764,
      aucStdErr: 0.00138,
      accuracy: 0.9261,
      rejection: [
        {
          signalEfficiency: 0.3,
          rejection: 294.1,
          estimator: 'interpolated',
          falsePositives: 17,
          interval: { level: 0.6827, low: 240.2, high: 372.6 },
        },
      ],
      warnings: [{ code: 'FEW_BACKGROUND', message: '17 background jets pass' }],
    },
    {
      name: 'mass cut',
      jets: 10_000,
      signal: 5000,
      background: 5000,
      auc: 0.9,
      accuracy: 0.85,
      rejection: [],
      warnings: [{ code: 'FEW_BACKGROUND', message: '17 background jets pass' }],
    },
  ],
  curves: [powerCurve('network', 200, 4), powerCurve('mass cut', 200, 2)],
  comparisons: [{ a: 'network', b: 'mass cut', difference: 0.0776, stdErr: 0.002, z: 38.8, pValue: 0 }],
  leaderboard: { rows: [{ rank: 1, name: 'network', value: 0.97, interval: { low: 0.96, high: 0.98 } }] },
  scores: [{ name: 'network', classes: twoClasses }],
  confusions: [{ name: 'network', classes: ['QCD', 'top'], counts: [9, 1, 2, 8] }],
  averageImages: { halfWidth: 0.8, images: [smallImage, { ...smallImage, title: 'second' }] },
  singleImages: { halfWidth: 0.8, images: [smallImage] },
  observables: [{ classes: twoClasses, options: { label: 'm_{jet}', unit: 'GeV' } }],
  histories: [{ name: 'course-cnn', loss: [0.5, 0.4], valLoss: [0.5, 0.45] }],
  correlation: { image: { shape: [1, 2], pixels: [-0.5, 0.5] } },
  filters: { shape: [1, 2, 1, 1], weights: [1, -1] },
  warnings: [{ code: 'SMALL', message: 'few jets' }],
  facts: [{ label: 'Seed', value: '1' }],
  command: 'npx jetsdk demo --seed 1',
};

const page = report(full);

describe('report', () => {
  it('is one page with a section for each part', () => {
    for (const id of ['results', 'ranking', 'jets', 'training', 'scores', 'warnings', 'made']) {
      expect(page).toContain(`<section id="${id}"`);
      expect(page).toContain(`<a href="#${id}">`);
    }
    // the ranking is there twice
    expect(page.match(/<svg[^>]*role="img"/g)).toHaveLength(14);
  });

  it('shows the ranking before the details, whose figures the tiles are, and both planes of the ROC curve', () => {
    expect(page.indexOf('<section id="ranking"')).toBeLessThan(page.indexOf('<section id="results"'));
    expect(page).toContain('<dt>AUC of network</dt>');
    expect(page).toContain('Signal efficiency against background efficiency');
    expect(page).toContain('Background rejection against signal efficiency');
  });

  it('lets a learning curve shrink with its column, and a long command break', () => {
    const points = [100, 200].map((jets) => ({ jets, value: 0.9, low: 0.89, high: 0.91 }));
    const learning = { figures: [{ label: 'AUC', curves: [{ name: 'x', points }] }], intervals: '68 % intervals' };
    const html = report({ title: 'x', learning, command: 'jetsdk train' });
    expect(html).toMatch(/<figure><svg [^>]*class="jet-plot jet-plot-learning-curve"/);
    expect(html).toMatch(/pre\{[^}]*white-space:pre-wrap/);
  });

  it('draws scores on a linear axis where that is asked for', () => {
    const scores = [{ name: 'network', classes: twoClasses }];
    expect(report({ title: 'x', scores })).toContain('normalised to one; logarithmic');
    expect(report({ title: 'x', scores, scoreAxis: 'linear' })).not.toContain('logarithmic');
  });

  it('leaves out what is not given', () => {
    const bare = report({ title: 'Bare' });
    expect(bare).toContain('<h1>Bare</h1>');
    expect(bare).not.toContain('<section');
    expect(bare).not.toContain('<nav');
  });

  it('holds everything itself: no script, no address to load from', () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\ssrc=/);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
    expect(page.length).toBeLessThan(2_000_000);
  });

  it('gives figures with their errors and k', () => {
    expect(page).toContain('0.9776 <span class="muted">± 0.0014</span>');
    expect(page).toContain('294<span class="pm"><span>+79</span><span>−54</span></span>');
    expect(page).toContain('<span class="muted">17</span></td>');
    expect(page).toContain('at 68\u00a0% confidence');
    expect(page).toContain('separated at 95\u00a0%');
  });

  it('has the title of its column in every cell, for rows that fold on a phone, and the ranking as wide as one', () => {
    expect(page).toContain('<span class="of" aria-hidden="true">AUC</span> 0.9776');
    expect(page).toMatch(/<span class="of" aria-hidden="true">1\/ε<sub>B<\/sub> at ε<sub>S<\/sub> = 0\.3<\/span> 294/);
    expect(page).toContain('.of,.narrow{display:none}');
    expect(page).toMatch(/<div class="narrow"><svg[^>]*width="358"/);
  });

  it('says what is wrong with the jets before what few jets pass', () => {
    const [network, cut] = full.results!;
    const text = report({
      title: 'x',
      results: [
        { ...network, warnings: [{ code: 'few-false-positives', message: 'only 3 pass' }] },
        { ...cut, warnings: [{ code: 'trained-on-these-jets', message: 'seen before' }] },
      ],
    });
    expect(text.indexOf('seen before')).toBeLessThan(text.indexOf('only 3 pass'));
  });

  it('says a warning that two taggers share once, with both names', () => {
    expect(page.match(/17 background jets pass/g)?.length).toBe(2);
    expect(page).toContain('<strong>network, mass cut</strong> 17 background jets pass');
  });

  it('sets the indices of efficiencies in messages', () => {
    const text = report({ title: 'x', warnings: [{ code: 'few', message: '3 jets at ε_S = 0.3 <b>' }] });
    expect(text).toContain('3 jets at ε<sub>S</sub> = 0.3 &lt;b&gt;');
  });

  it('sets those of the summary and of the facts', () => {
    const text = report({ title: 'x', summary: 'by ε_S', facts: [{ label: 'Metric', value: '1/ε_B' }], results: [] });
    expect(text).toContain('<p>by ε<sub>S</sub></p>');
    expect(text).toContain('<dd>1/ε<sub>B</sub></dd>');
  });

  it('takes the AUC of a curve from the result of its name', () => {
    expect(page).toContain('network (AUC 0.9776)');
  });

  it('escapes every text', () => {
    const hostile = '<script>alert("x")</script>&';
    const text = report({
      title: hostile,
      summary: hostile,
      results: [{ ...full.results![0], name: hostile, warnings: [{ code: hostile, message: hostile }] }],
      comparisons: [{ ...full.comparisons![0], a: hostile }],
      curves: [{ ...full.curves![0], name: hostile }],
      scores: [{ name: hostile, classes: [{ name: hostile, values: [0.5] }] }],
      confusions: [{ name: hostile, classes: [hostile], counts: [1] }],
      leaderboard: { rows: [{ ...full.leaderboard!.rows[0], name: hostile, flags: [hostile] }] },
      singleImages: { images: [{ ...smallImage, title: hostile }], quantity: hostile },
      observables: [{ classes: twoClasses, options: { label: hostile } }],
      histories: [{ name: hostile, loss: [1] }],
      facts: [{ label: hostile, value: hostile }],
      command: hostile,
    });
    expect(text).not.toContain('<script');
    expect(text.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(15);
  });

  it('is well-formed and the same each time', () => {
    const body = page
      .replace('<!doctype html>\n', '')
      .replace(/<meta [^>]*>/g, '')
      .trim();
    expect(readXml(body).name).toBe('html');
    expect(report(full)).toBe(page);
  });

  it.each([
    ['BAD_ARGUMENT', { title: ' ' }],
    ['NOT_FINITE', { title: 'x', results: [{ ...full.results![0], auc: Number.NaN }] }],
    ['NOT_FINITE', { title: 'x', comparisons: [{ ...full.comparisons![0], z: Number.NaN }] }],
    [
      'SHAPE_MISMATCH',
      { title: 'x', averageImages: { images: [smallImage, { shape: [1, 1] as const, pixels: [1] }] } },
    ],
  ])('throws %s for what cannot be shown', (code, data) => {
    expect(() => report(data)).toThrowError(expect.objectContaining({ name: 'JetError', code }));
  });
});

describe('report of an evaluation', () => {
  it('takes what @jetsdk/eval gives as it is', () => {
    const labels = Uint8Array.from({ length: 600 }, (_, i) => i % 2);
    const good = Float64Array.from(labels, (label, i) => ((i * 7919) % 600) / 1000 + 0.3 * label);
    const poor = Float64Array.from(labels, (label, i) => ((i * 104_729) % 600) / 1000 + 0.1 * label);
    const text = report({
      title: 'Two taggers',
      results: [evaluate(labels, good, { name: 'good' }), evaluate(labels, poor, { name: 'poor' })],
      curves: [
        { name: 'good', ...roc(labels, good) },
        { name: 'poor', ...roc(labels, poor) },
      ],
      comparisons: [{ a: 'good', b: 'poor', ...pairedDelong(labels, good, poor) }],
    });
    expect(text).toContain('300 signal and 300 background jets');
    expect(text).toContain('good − poor');
    expect(text).not.toMatch(/NaN|undefined|\[object/);
  });
});

describe('numbers', () => {
  it('read as in a paper', () => {
    expect(formatCount(404_000)).toBe('404,000');
    expect(formatCount(999)).toBe('999');
    expect([1293.6, 40.23, 3.214].map((value) => formatRejection(value))).toEqual(['1,294', '40.2', '3.21']);
    expect([0.6827, 0.95, 0.9973].map(formatLevel)).toEqual(['68 %', '95 %', '99.7 %']);
    expect([1e-9, 0.00042, 0.0321, 0.238].map(formatPValue)).toEqual(['< 0.0001', '0.0004', '0.032', '0.24']);
  });
});
