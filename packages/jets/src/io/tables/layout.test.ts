import { describe, expect, it } from 'vitest';
import { isJetError } from '../../errors.js';
import { nearestName } from '../../nearestName.js';
import { layoutNames, parseLayout } from './layout.js';
import type { LayoutJson } from './layoutJson.js';
import { NAMED_LAYOUTS } from './layouts.js';

const COLUMNS = { px: 'px', py: 'py', pz: 'pz' };

function messageOf(layout: unknown): string {
  try {
    parseLayout(layout as LayoutJson);
  } catch (error) {
    if (isJetError(error) && error.code === 'BAD_ARGUMENT') return error.message;
    throw error;
  }
  return 'no error';
}

describe('parseLayout', () => {
  it('knows the built-in layouts, whose labels are not required', () => {
    expect(layoutNames).toEqual([
      'HiggsToBBNTuple',
      'TopTagging',
      'TopTaggingCompact',
      'PUMML',
      'LHCOlympics',
      'JetNet',
      'EnergyFlow',
      'FTAG',
      'PFNano',
      'PFNanoAK4',
      'NanoAOD',
      'JetClassII',
      'JetClass',
      'JetClass10',
    ]);
    for (const name of layoutNames.filter((one) => one !== 'PUMML' && one !== 'JetNet'))
      expect(parseLayout(name)).toMatchObject({
        name,
        unit: name === 'FTAG' ? 'MeV' : 'GeV',
        labels: { others: 'refuse', required: false },
      });
  });

  it('has the 188 classes of JetClass-II in the order of its labels', () => {
    const { labelNames = [], background, signal } = NAMED_LAYOUTS['JetClassII'];
    expect(labelNames).toHaveLength(188);
    expect(new Set(labelNames).size).toBe(188);
    for (const [index, name] of [
      [0, 'label_X_bb'],
      [14, 'label_X_tauhtauh'],
      [15, 'label_X_YY_bbbb'],
      [92, 'label_X_YY_see'],
      [114, 'label_X_YY_gtauhtauh'],
      [130, 'label_X_YY_csq'],
      [160, 'label_X_YY_qqtauhv'],
      [161, 'label_QCD_bbccss'],
      [187, 'label_QCD_light'],
    ] as const)
      expect(labelNames[index]).toBe(name);
    expect([background, signal].map((classes) => (classes as string[]).length)).toEqual([27, 161]);
    expect(parseLayout('JetClassII').labels?.choices[0]).toEqual(Array.from({ length: 27 }, (_, i) => 161 + i));
  });

  it('changes a built-in layout', () => {
    expect(parseLayout({ extends: 'JetClass', signal: 'label_Tbqq', constituents: 64 })).toMatchObject({
      name: 'JetClass',
      constituents: 64,
      columns: { px: 'part_px' },
      labels: {
        choices: [['label_QCD'], ['label_Tbqq']],
        classes: ['QCD', 'Tbqq'],
        others: 'refuse',
        required: true,
      },
    });
    expect(parseLayout({ extends: 'JetClass10', signal: 'label_Tbl', background: 'label_QCD' }).labels).toMatchObject({
      choices: [['label_QCD'], ['label_Tbl']],
      classes: ['QCD', 'Tbl'],
    });
    expect(parseLayout({ extends: 'HiggsToBBNTuple', others: 'leave-out' })).toMatchObject({
      etaRelMirrored: true,
      labels: { classes: ['QCD', 'H'], others: 'leave-out', required: false },
    });
  });

  it('reads a mapping', () => {
    expect(parseLayout({ columns: { pt: 'a', etaRel: 'b', jetEta: 'c', phi: 'd', E: 'e' } })).toEqual({
      name: 'layout',
      constituents: 200,
      unit: 'GeV',
      columns: { pt: 'a', etaRel: 'b', jetEta: 'c', phi: 'd', E: 'e' },
      etaRelMirrored: false,
    });
    expect(
      parseLayout({ columns: COLUMNS, labelColumn: 'y', labelNames: ['q', 'g'], background: 'g', signal: [0, 7] })
        .labels,
    ).toMatchObject({ column: 'y', choices: [[1], [0, 7]], classes: ['g', 'signal'], required: true });
  });

  it.each<[unknown, RegExp]>([
    [
      'jetclass',
      /no layout jetclass; expected HiggsToBBNTuple, TopTagging, TopTaggingCompact, PUMML, LHCOlympics, JetNet, EnergyFlow, FTAG, PFNano, PFNanoAK4, NanoAOD, JetClassII, JetClass/,
    ],
    [{ extends: 'toString' }, /no layout toString/],
    [null, /layout: got null; expected an object/],
    [{ colums: COLUMNS }, /layout\.colums: got .*; expected only the keys extends, .*; did you mean columns\?/],
    [{}, /columns: got undefined; expected an object/],
    [{ columns: { ...COLUMNS, PX: 'x' } }, /columns\.PX: got "x"; .*; did you mean px\?/],
    [{ columns: { px: 'x', py: 'y' } }, /columns: got \{"px":"x","py":"y"\}; expected px, py and pz together/],
    [{ columns: { ...COLUMNS, pt: 'x' } }, /not both/],
    [{ columns: { pt: 'x', eta: 'y' } }, /one of phi and phiRel/],
    [{ columns: { pt: 'x', ptRel: 'z', jetPt: 'j', eta: 'y', phi: 'p' } }, /one of pt and ptRel/],
    [{ columns: { ptRel: 'x', eta: 'y', phi: 'p' } }, /ptRel and jetPt together/],
    [{ columns: { pt: 'x', jetPt: 'j', eta: 'y', phi: 'p' } }, /ptRel and jetPt together/],
    [{ columns: { ...COLUMNS, E: 'e', mass: 'm' } }, /one of E and mass/],
    [{ columns: { ...COLUMNS, E: 5 } }, /columns\.E: got 5; expected a text of 1 to 200 characters/],
    [{ columns: COLUMNS, constituents: 0 }, /constituents: got 0; expected a whole number from 1 to 10000/],
    [{ columns: COLUMNS, unit: 'TeV' }, /unit: got "TeV"; expected GeV or MeV/],
    [{ columns: COLUMNS, etaRelMirrored: true }, /beside a column etaRel only/],
    [{ columns: COLUMNS, tree: '' }, /tree: got ""; expected a text of 1/],
    [{ columns: COLUMNS, signal: 'a' }, /background: got undefined; expected the classes of both/],
    [{ columns: COLUMNS, labelColumn: 'y', background: 0 }, /signal: got undefined; expected the classes of both/],
    [{ columns: COLUMNS, background: 'a', signal: [] }, /signal: got \[\]; expected at least one class/],
    [
      { columns: COLUMNS, background: 'a', signal: ['b', 'a'] },
      /signal: got "a"; expected classes that are not background/,
    ],
    [{ columns: COLUMNS, background: 'a', signal: 1 }, /signal: got 1; expected a text/],
    [{ columns: COLUMNS, labelColumn: 'y', background: 0, signal: 1.5 }, /signal: got 1.5; expected a whole number/],
    [{ columns: COLUMNS, labelColumn: 'y', background: 0, signal: 'top' }, /signal: got "top"; expected a value of y/],
    [
      { columns: COLUMNS, labelNames: ['a'], background: 'a', signal: 'b' },
      /labelNames: got \["a"\]; expected labelColumn/,
    ],
    [
      { columns: COLUMNS, background: 'a', signal: 'b', others: 'drop' },
      /others: got "drop"; expected refuse or leave-out/,
    ],
    [
      { columns: COLUMNS, background: 'a', signal: 'b', classes: ['x'] },
      /classes: got \["x"\]; expected \[background, signal\]/,
    ],
    [{ columns: COLUMNS, labels: ['a'] }, /labels: got \["a"\]; expected a list of 2 to 255 entries/],
    [
      { columns: COLUMNS, labels: ['a', ['b', 'a'], 'c'] },
      /labels\[1\]: got "a"; expected classes that are not another/,
    ],
    [
      { columns: COLUMNS, labels: ['a', 'b'], signal: 'c' },
      /labels: got \["a","b"\]; expected either it, or background/,
    ],
    [{ columns: COLUMNS, labels: ['a', 'b', 'c'], classes: ['x', 'y'] }, /classes: got \["x","y"\]; expected 3 names/],
    [{ columns: COLUMNS, labelColumn: 'y', labels: [0, 1, 'top'] }, /labels\[2\]: got "top"; expected a value of y/],
    [
      { extends: 'JetClassII', signal: 'label_X_bbb' },
      /signal: got "label_X_bbb"; expected a class of jet_label, such as label_X_bb/,
    ],
  ])('refuses %j', (layout, message) => {
    expect(messageOf(layout)).toMatch(message);
  });
});

describe('nearestName', () => {
  it('finds the name with the fewest changes, whatever the case', () => {
    expect(nearestName('part_PX', ['jet_pt', 'part_px', 'part_py'])).toBe('part_px');
    expect(nearestName('kitten', ['mitten', 'sitting'])).toBe('mitten');
    expect(nearestName('a', [])).toBeUndefined();
  });
});
