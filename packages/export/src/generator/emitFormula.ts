/** @file Formulas as operators. */
import type { Formula, FormulaStep } from '@jetsdk/jets';
import { int } from '@jetsdk/onnx';
import type { Emitter, Value } from '../graph/emitter.js';

/** A value of the graph, or a constant by its name. */
type Computed = Value | { readonly constant: string; readonly columns: number };

/** `TensorProto.FLOAT` */
const FLOAT = 1;

const columnsOf = (one: Computed): number => ('constant' in one ? one.columns : one.shape[0]);
const named = (one: Computed): Value | string => ('constant' in one ? one.constant : one);

/**
 * @param inputs (n, columns) each, by name
 * @returns outputs by name, in their shapes
 */
export function emitFormula(
  { steps, outputs, constants }: Formula,
  inputs: Readonly<Record<string, Value>>,
  to: Emitter,
): Record<string, Value> {
  const weights = new Map(constants.map((one) => [one.name, one]));
  const values: Computed[] = [];
  for (const step of steps) values.push(emitStep(step));
  return Object.fromEntries(
    outputs.map(({ name, value, shape }) => {
      const made = values[value] as Value;
      return [name, shape.length === 1 ? made : to.reshape(made, { shape, layout: 'last' })];
    }),
  );

  function emitStep(step: FormulaStep): Computed {
    if (step.op === 'Input') return inputs[step.name];
    if (step.op === 'Constant') {
      const { shape, data } = weights.get(step.name)!;
      return { constant: to.floats(step.name, shape, () => data), columns: shape[1] };
    }
    const of = step.of.map((one) => values[one]);
    const out = (columns: number) => ({ shape: [columns], layout: 'last' as const });
    const node = (columns: number, ...rest: readonly string[]): Value =>
      to.node(step.op, [...of.map(named), ...rest], out(columns));
    switch (step.op) {
      case 'Exp':
      case 'Log':
        return node(columnsOf(of[0]));
      case 'ReduceSum':
        return to.node('ReduceSum', [named(of[0]), to.int64s('columns', [1])], out(1), { keepdims: int(1) });
      case 'Slice':
        return node(
          step.stop - step.start,
          to.int64s(`at_${step.start}`, [step.start]),
          to.int64s(`at_${step.stop}`, [step.stop]),
          to.int64s('columns', [1]),
        );
      case 'Concat':
        return to.node('Concat', of.map(named), out(of.reduce((sum, one) => sum + columnsOf(one), 0)), {
          axis: int(1),
        });
      case 'MatMul':
        return node(columnsOf(of[1]));
      case 'GreaterOrEqual': {
        const whole = out(Math.max(...of.map(columnsOf)));
        const holds = to.node(step.op, of.map(named), whole, {}, 'bool');
        return to.node('Cast', [holds], whole, { to: int(FLOAT) });
      }
      default:
        return node(Math.max(...of.map(columnsOf)));
    }
  }
}
