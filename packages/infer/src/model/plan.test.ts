import { isJetError, type JetErrorCode, namedRecipe, recipeHash } from '@jetsdk/jets';
import type { OnnxFacts } from '@jetsdk/onnx';
import { CARD_KEY } from '@jetsdk/onnx/card';
import { describe, expect, it } from 'vitest';
import type { ValueSpec } from '../runtime/runtime.js';
import { fixtureCard } from '../testing/fixtures.testing.js';
import { type ModelHints, makePlan } from './plan.js';

const spec = (name: string, ...shape: (number | undefined)[]): ValueSpec => ({ name, type: 'float32', shape });
const any = undefined;

function facts(maker = 'Sigmoid', card?: unknown): OnnxFacts {
  return {
    producer: '',
    opset: 17,
    metadata: new Map(card === undefined ? [] : [[CARD_KEY, typeof card === 'string' ? card : JSON.stringify(card)]]),
    operators: new Map(),
    producedBy: new Map([['y', maker]]),
    precision: 'float32',
    modest: true,
    oddities: [],
  };
}

const plan = (input: ValueSpec, output = spec('y', any, 1), hints: ModelHints = {}, maker = 'Sigmoid') =>
  makePlan('model', facts(maker), { inputs: [input], outputs: [output] }, hints).plan;

const carded = (card: unknown, input = spec('images', any, 12, 12, 1), output = spec('y', any, 1), hints = {}) =>
  makePlan('model', facts('Sigmoid', card), { inputs: [input], outputs: [output] }, hints).plan;

function expectError(code: JetErrorCode, message: RegExp, run: () => unknown): void {
  let caught: unknown;
  try {
    run();
  } catch (error) {
    caught = error;
  }
  expect(isJetError(caught) && caught.code).toBe(code);
  expect((caught as Error).message).toMatch(message);
}

describe('a model without a card', () => {
  it('that takes no jet at all is refused', () => {
    expectError('BAD_MODEL', /^model: takes 0 jets a run; expected one or more/, () => plan(spec('x', 0, 30, 30, 1)));
  });

  it.each([
    ['(n, 1, 30, 30)', [any, 1, 30, 30], 'NCHW', [30, 30, 1]],
    ['(n, 30, 30, 1)', [any, 30, 30, 1], 'NHWC', [30, 30, 1]],
    ['(1, 3, 224, 224)', [1, 3, 224, 224], 'NCHW', [224, 224, 3]],
    ['(n, 100, 80, 2)', [any, 100, 80, 2], 'NHWC', [100, 80, 2]],
    ['(n, 16, 16, 5)', [any, 16, 16, 5], 'NHWC', [16, 16, 5]],
    ['(n, 1, ?, ?)', [any, 1, any, any], 'NCHW', [any, any, 1]],
    ['(n, 40, 40)', [any, 40, 40], 'NHW', [40, 40, 1]],
  ] as const)('of input %s has its layout found out', (_, shape, layout, image) => {
    expect(plan(spec('x', ...shape)).inputs[0]).toMatchObject({ kind: 'images', layout, shape: image });
  });

  it('of a layout that may be either wants to be told', () => {
    const unclear = spec('x', any, 3, 40, 3);
    expectError('BAD_ARGUMENT', /channels-first or channels-last/, () => plan(unclear));
    expect(plan(unclear, spec('y', any, 1), { layout: 'NHWC' }).inputs[0].shape).toEqual([3, 40, 3]);
  });

  it('of input (n, m, 4) takes images unless told that it takes constituents', () => {
    const x = spec('x', any, 200, 4);
    expect(plan(x).inputs[0]).toMatchObject({ kind: 'images', shape: [200, 4, 1] });
    expect(plan(x, spec('y', any, 1), { inputKind: 'constituents' }).inputs[0]).toMatchObject({
      kind: 'constituents',
      layout: 'same',
      shape: [200, 4],
    });
    expectError('BAD_ARGUMENT', /\(\?, 40, 40\) as constituents; expected \(n, m, 4\)/, () =>
      plan(spec('x', any, 40, 40), spec('y', any, 1), { inputKind: 'constituents' }),
    );
  });

  it('ending in Sigmoid or Softmax tells what it gives', () => {
    const x = spec('x', any, 1, 8, 8);
    expect(plan(x).readout).toMatchObject({ kind: 'score', columns: 1 });
    expect(plan(x, spec('y', any, 2), {}, 'Softmax').readout).toMatchObject({ kind: 'probabilities', signalColumn: 1 });
  });

  it('ending in something else wants to be told', () => {
    const x = spec('x', any, 1, 8, 8);
    expectError('BAD_ARGUMENT', /made by Gemm.*outputKind/, () => plan(x, spec('y', any, 2), {}, 'Gemm'));
    expect(plan(x, spec('y', any, 2), { outputKind: 'logits' }, 'Gemm').readout.kind).toBe('logits');
    expectError('BAD_ARGUMENT', /as logit; expected one column/, () =>
      plan(x, spec('y', any, 2), { outputKind: 'logit' }, 'Gemm'),
    );
  });

  it('of three classes wants the signal column', () => {
    const x = spec('x', any, 1, 8, 8);
    expectError('BAD_ARGUMENT', /not given of 3 columns; .*0 to 2/, () => plan(x, spec('y', any, 3), {}, 'Softmax'));
    expectError('BAD_ARGUMENT', /signal column 3 of 3/, () =>
      plan(x, spec('y', any, 3), { signalColumn: 3 }, 'Softmax'),
    );
    expect(plan(x, spec('y', any, 3), { signalColumn: 2 }, 'Softmax').readout.signalColumn).toBe(2);
  });

  it('with several outputs wants one named', () => {
    const outputs = [spec('y', any, 1), spec('z', any, 7)];
    const run = (output?: string) =>
      makePlan('m', facts(), { inputs: [spec('x', any, 1, 8, 8)], outputs }, output === undefined ? {} : { output });
    expectError('BAD_ARGUMENT', /2 outputs of numbers \(y, z\)/, () => run());
    expectError('BAD_ARGUMENT', /no output w; expected one of y, z/, () => run('w'));
    expect(run('y').plan.readout.output).toBe('y');
  });

  it('with labels and other things beside one output of numbers takes that one', () => {
    const label: ValueSpec = { name: 'label', type: 'int64', shape: [any] };
    const map: ValueSpec = { name: 'map', type: undefined, shape: [] };
    const make = (...outputs: ValueSpec[]) =>
      makePlan('model', facts(), { inputs: [spec('x', any, 1, 8, 8)], outputs }, {}).plan.readout.output;
    expect(make(label, spec('y', any, 1), map)).toBe('y');
    expectError('UNSUPPORTED', /outputs label \(int64\), map \(no tensor\); expected one of float32.*zipmap/, () =>
      make(label, map),
    );
  });

  it('ending in LogSoftmax gives what a softmax turns into probabilities', () => {
    expect(plan(spec('x', any, 1, 8, 8), spec('y', any, 2), {}, 'LogSoftmax').readout.kind).toBe('logits');
  });

  it('of integer inputs is not supported', () => {
    expectError('UNSUPPORTED', /holds int64/, () => plan({ ...spec('x', any, 3), type: 'int64' }));
  });

  it('takes a recipe from the caller if it makes such images', () => {
    const recipe = namedRecipe('course-30');
    expect(plan(spec('x', any, 1, 30, 30), spec('y', any, 1), { recipe }).recipe?.name).toBe('course-30');
    expectError('BAD_MODEL', /makes images of \(30, 30, 1\), the model takes \(40, 40, 1\)/, () =>
      plan(spec('x', any, 1, 40, 40), spec('y', any, 1), { recipe }),
    );
  });
});

describe('a model with a card', () => {
  it('is planned by its card', () => {
    const card = fixtureCard({
      classes: ['top', 'QCD'],
      output: { name: 'y', kind: 'probabilities' },
      parity: [{ runtime: 'x', jets: 9, maxAbsDifference: 1e-3, tolerance: 2e-3 }],
    });
    const { readout, tolerance } = carded(card, undefined, spec('y', any, 2));
    expect(readout).toEqual({ output: 'y', kind: 'probabilities', columns: 2, signalColumn: 0 });
    expect(tolerance).toBe(2e-3);
  });

  it.each([
    [
      'input name',
      fixtureCard({ input: { kind: 'images', name: 'other', shape: [12, 12, 1], layout: 'NHWC' } }),
      /list of inputs is other in the card, images/,
    ],
    [
      'input shape',
      fixtureCard({ input: { kind: 'images', name: 'images', shape: [30, 30, 1], layout: 'NHWC' } }),
      /\(\?, 30, 30, 1\) in the card, \(\?, 12, 12, 1\)/,
    ],
    [
      'input rank',
      fixtureCard({ input: { kind: 'constituents', name: 'images', shape: [20, 4], layout: 'NMC' } }),
      /contradicts the graph/,
    ],
    ['output name', fixtureCard({ output: { name: 'z', kind: 'score' } }), /scored output is z in the card, y/],
    [
      'output columns',
      fixtureCard({ output: { name: 'y', kind: 'probabilities' } }),
      /columns of output y is 2 in the card, 1/,
    ],
    ['values', fixtureCard({ output: { name: 'y', kind: 'values' } }), /not class scores/],
    ['signal class', fixtureCard({ signalClass: 'W' }), /signalClass: got "W"; expected one of QCD, top/],
    ['JSON', '{"format"', /card: not JSON/],
    ['format', { ...fixtureCard(), format: 'jetsdk-card/9' }, /format: got "jetsdk-card\/9"; expected jetsdk-card\/1/],
    ['missing input', { ...fixtureCard(), input: undefined }, /input: got undefined/],
    [
      'recipe',
      { ...fixtureCard(), recipe: { format: 'jetsdk-recipe/1', name: 'x', steps: [{ step: 'blur' }] } },
      /blur/,
    ],
    ['recipe size', fixtureCard({ recipe: namedRecipe('course-30') }), /makes images of \(30, 30, 1\)/],
    [
      'recipe hash',
      fixtureCard({ recipe: namedRecipe('course-30'), recipeHash: 'abc' }),
      /recipeHash: got abc; expected/,
    ],
  ] as const)('that contradicts the graph or itself in %s is BAD_MODEL', (_, card, message) => {
    expectError('BAD_MODEL', message, () => carded(card));
  });

  it('does not take words of the caller that the card has said', () => {
    expectError('BAD_ARGUMENT', /option outputKind/, () =>
      carded(fixtureCard(), undefined, undefined, { outputKind: 'logit' }),
    );
    const card = fixtureCard({
      input: { kind: 'images', name: 'images', shape: [30, 30, 1], layout: 'NHWC' },
      recipe: namedRecipe('course-30'),
      recipeHash: recipeHash(namedRecipe('course-30')),
    });
    const input = spec('images', any, 30, 30, 1);
    expectError('BAD_ARGUMENT', /trained with course-30/, () =>
      carded(card, input, undefined, { recipe: namedRecipe('iml-40') }),
    );
    expect(carded(card, input, undefined, { recipe: namedRecipe('course-30') }).recipe?.name).toBe('course-30');
  });
});
