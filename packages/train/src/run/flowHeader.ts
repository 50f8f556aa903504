/** @file What `flow.bin` says of its numbers, read strictly. */
import { type Flow, type Formula, type FormulaStep, JetError, type LayerWeight, sizeOf } from '@jetsdk/jets';
import {
  type Check,
  count,
  finite,
  flag,
  isObject,
  listOf,
  object,
  oneOf,
  optional,
  rising,
  text,
  whole,
} from '@jetsdk/jets/json';

/** A weight without its numbers. */
export type DescribedWeight = Omit<LayerWeight, 'data'>;

/** A flow without its network, its constants without their numbers. */
type FlowHeader = Omit<Flow, 'network' | 'features' | 'decode'> & {
  readonly [part in 'features' | 'decode']: Omit<Formula, 'constants'> & {
    readonly constants: readonly DescribedWeight[];
  };
};

const one: Check<readonly [number]> = (value, at) => [listOf(count, 1, 1)(value, at)[0]];
const two: Check<readonly [number, number]> = (value, at) => {
  const [a, b] = listOf(count, 2, 2)(value, at);
  return [a, b];
};

const STEPS = {
  Input: object({ op: oneOf('Input'), name: text, columns: count }),
  Constant: object({ op: oneOf('Constant'), name: text }),
  Concat: object({ op: oneOf('Concat'), of: listOf(count) }),
  Slice: object({ op: oneOf('Slice'), of: one, start: count, stop: count }),
};
const ofOne = object({ op: oneOf('Exp', 'Log', 'ReduceSum'), of: one });
const ofTwo = object({ op: oneOf('Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'GreaterOrEqual', 'MatMul'), of: two });

const step: Check<FormulaStep> = (value, at) => {
  const { op } = isObject(value) ? value : {};
  switch (op) {
    case 'Input':
    case 'Constant':
    case 'Concat':
    case 'Slice':
      return STEPS[op](value, at);
    case 'Exp':
    case 'Log':
    case 'ReduceSum':
      return ofOne(value, at);
    default:
      return ofTwo(value, at);
  }
};

const formula = object({
  steps: listOf(step),
  outputs: listOf(object({ name: text, value: count, shape: listOf(count) })),
  constants: listOf(object({ name: text, shape: listOf(count) })),
});

const header: Check<FlowHeader> = object(
  {
    conditions: listOf(object({ name: text, unit: optional(text), range: rising(finite), whole: optional(flag) })),
    parts: listOf(whole(1)),
    steps: whole(1),
    features: formula,
    decode: formula,
  },
  'dropped',
);

/**
 * A flow without its network.
 *
 * @param value the JSON of `flow.bin`
 * @param arrays its numbers, those of the features' constants in front of the others'
 * @throws {JetError} BAD_FILE naming the key, or where there are other numbers than it says
 */
export function readFlowHeader(value: unknown, arrays: readonly Float32Array[], path: string): Omit<Flow, 'network'> {
  const { features, decode, ...rest } = header(value, { where: path, code: 'BAD_FILE' });
  const constants = [...features.constants, ...decode.constants].map(({ name, shape }, i): LayerWeight => {
    const data = arrays[i] ?? new Float32Array(0);
    if (i >= arrays.length || data.length !== sizeOf(shape))
      throw new JetError(
        'BAD_FILE',
        `${path}: ${data.length} numbers for constant ${name}; expected ${sizeOf(shape)}; train again`,
        { path, constant: name },
      );
    return { name, shape, data };
  });
  const own = features.constants.length;
  return {
    ...rest,
    features: { ...features, constants: constants.slice(0, own) },
    decode: { ...decode, constants: constants.slice(own) },
  };
}
