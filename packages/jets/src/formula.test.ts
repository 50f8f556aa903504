import { expect, test } from 'vitest';
import { computeFormula, FormulaWriter } from './formula.js';

test('computeFormula computes every step, with a row or a column for all', () => {
  const write = new FormulaWriter();
  const x = write.input('x', 2);
  const y = write.input('y', 1);
  const row = write.constant([10, 20]);
  const matrix = write.constant([1, 0, 2, 0, 1, 3], 3);
  const shifted = write.pair('Add', x, row);
  write.output('product', write.multiply(shifted, matrix), [3]);
  write.output('scaled', write.pair('Mul', x, y), [1, 2]);
  write.output('rest', write.concat(write.slice(shifted, 1, 2), write.sum(x), write.log(write.exp(y))), [3]);
  write.output(
    'bound',
    write.pair('Min', write.pair('Max', write.pair('Sub', x, y), write.constant([0])), write.constant([1])),
    [2],
  );
  write.output('reached', write.pair('GreaterOrEqual', x, y), [2]);
  write.output('ratio', write.pair('Div', x, y), [2]);
  const out = computeFormula(write.finish(), {
    x: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    y: { shape: [2, 1], data: Float32Array.of(2, -1) },
  });
  expect(Object.fromEntries(Object.entries(out).map(([name, { data }]) => [name, Array.from(data)]))).toEqual({
    product: [11, 22, 88, 13, 24, 98],
    scaled: [2, 4, -3, -4],
    rest: [22, 3, 2, 24, 7, -1],
    bound: [0, 0, 1, 1],
    reached: [0, 1, 1, 1],
    ratio: [0.5, 1, -3, -4],
  });
  expect(out['scaled']?.shape).toEqual([2, 1, 2]);
});

test('computeFormula refuses an input that is missing or of another size', () => {
  const write = new FormulaWriter();
  write.output('z', write.input('x', 2), [2]);
  const formula = write.finish();
  const refused = (inputs: Parameters<typeof computeFormula>[1], code: string): void =>
    expect(() => computeFormula(formula, inputs)).toThrow(expect.objectContaining({ code }));
  refused({}, 'BAD_ARGUMENT');
  refused({ x: { shape: [1, 3], data: new Float32Array(3) } }, 'SHAPE_MISMATCH');
});
