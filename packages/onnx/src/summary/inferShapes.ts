import { ELEMENT_TYPES, type ElementType, type Graph, type Node, type ValueInfo } from '../model.js';
import { intOf } from '../shapes/attributes.js';
import { type Known, ofConstant } from '../shapes/known.js';
import { outputsOf } from '../shapes/outputs.js';

/** What is known of a value before the model runs. */
export interface InferredValue {
  readonly type: ElementType;
  /** for one jet; undefined where the file does not tell it */
  readonly shape: readonly number[] | undefined;
  /** of short lists that are constant */
  readonly numbers?: readonly number[] | undefined;
}

/** By name. */
export type InferredValues = ReadonlyMap<string, InferredValue>;

/**
 * Follows shapes from the inputs through every node.
 *
 * The first axis of inputs counts 1 where it is open: one jet. What the file states stands in where an operator is not
 * known. Graphs inside of nodes are not entered.
 */
export function inferShapes(graph: Graph): InferredValues {
  const values = new Map<string, InferredValue>();
  for (const stated of [...graph.values, ...graph.outputs, ...graph.inputs])
    values.set(stated.name, { type: stated.type, shape: forOneJet(stated) });
  for (const one of graph.initializers) values.set(one.name, { type: one.type, ...ofConstant(one) });
  const known = (name: string): Known | undefined => {
    const { shape, numbers } = values.get(name) ?? {};
    return shape && { shape, numbers };
  };
  for (const node of graph.nodes) {
    const made = outputsOf(node, node.inputs.map(known));
    node.outputs.forEach((name, i) => {
      const stated = values.get(name);
      const type = stated?.type ?? typeOf(node, i, values);
      values.set(name, { type, ...(made[i] ?? { shape: stated?.shape }) });
    });
  }
  return values;
}

/** Undefined where another length than that of the first axis is open. */
function forOneJet({ shape }: ValueInfo): readonly number[] | undefined {
  const lengths = shape?.map((length, axis) => (typeof length === 'number' ? length : axis === 0 ? 1 : Number.NaN));
  return lengths?.some(Number.isNaN) ? undefined : lengths;
}

const BOOLEAN = new Set([
  'And',
  'Or',
  'Xor',
  'Not',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'IsInf',
  'IsNaN',
]);

/** Of an output whose type the file does not state. */
function typeOf({ opType, attributes, inputs }: Node, output: number, values: InferredValues): ElementType {
  const typeOfInput = (i: number): ElementType | undefined => values.get(inputs[i] ?? '')?.type;
  if (BOOLEAN.has(opType)) return 'bool';
  switch (opType) {
    case 'Cast':
      return typeOfCode(intOf(attributes['to'], 0));
    case 'Shape':
    case 'Size':
    case 'ArgMax':
    case 'ArgMin':
      return 'int64';
    case 'Constant':
    case 'ConstantOfShape': {
      const { value, value_int: int, value_ints: ints } = attributes;
      return value?.type === 'tensor' ? value.value.type : (int ?? ints) ? 'int64' : 'float32';
    }
    case 'QuantizeLinear':
      return typeOfInput(2) ?? 'uint8';
    case 'DynamicQuantizeLinear':
      return output === 1 ? 'float32' : 'uint8';
    case 'DequantizeLinear':
    case 'Where':
      return typeOfInput(1) ?? 'unknown';
    default:
      return typeOfInput(0) ?? 'unknown';
  }
}

const typeOfCode = (code: number): ElementType =>
  (Object.keys(ELEMENT_TYPES) as ElementType[]).find((name) => ELEMENT_TYPES[name].code === code) ?? 'unknown';
