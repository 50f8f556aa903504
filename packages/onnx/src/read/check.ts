/** @file What a well-formed protobuf must also be to run as a model. */
import { JetError, quoted } from '@jetsdk/jets';
import type { Model, ValueInfo } from '../model.js';

const IR_VERSIONS = { from: 3, to: 13 } as const;
const OPSETS = { from: 7, to: 26 } as const;

function bad(problem: string, details: Readonly<Record<string, unknown>> = {}): JetError {
  return new JetError('BAD_MODEL', `ONNX graph: ${problem}`, details);
}

/**
 * Checks versions, names, order and types: every value is made once and before it is used, so that there is no cycle.
 *
 * @throws {JetError} BAD_MODEL or UNSUPPORTED, with the name that is wrong
 */
export function checkModel({ irVersion, opset, graph }: Model): void {
  within('IR version', irVersion, IR_VERSIONS);
  within('operator set version', opset, OPSETS);
  const made = new Set<string>();
  const make = (name: string, by: string): void => {
    if (name === '') throw bad(`a nameless value made by ${by}`);
    if (made.has(name)) throw bad(`value ${quoted(name)} is made twice`, { name });
    made.add(name);
  };
  const constants = new Set<string>();
  for (const tensor of graph.initializers) {
    make(tensor.name, 'a constant');
    constants.add(tensor.name);
  }
  if (graph.outputs.length === 0) throw bad('no output; expected at least one');
  for (const input of graph.inputs) {
    needsShape(input);
    if (!constants.has(input.name)) make(input.name, 'an input');
  }
  for (const node of graph.nodes) {
    const where = (): string => `node ${quoted(node.name)} (${node.opType})`;
    if (node.opType === '') throw bad(`${where()} has no operator`);
    for (const name of node.inputs)
      if (name !== '' && !made.has(name))
        throw bad(`${where()} reads ${quoted(name)}, which nothing makes before it; a missing input or a cycle`, {
          node: node.name,
          input: name,
        });
    if (node.outputs.every((name) => name === '')) throw bad(`${where()} has no output`);
    for (const name of node.outputs) if (name !== '') make(name, 'a node');
  }
  const outputs = new Set<string>();
  for (const { name } of graph.outputs) {
    if (!made.has(name)) throw bad(`output ${quoted(name)} is made by nothing`, { name });
    if (outputs.has(name)) throw bad(`output ${quoted(name)} is given twice`, { name });
    outputs.add(name);
  }
  const described = new Set<string>();
  for (const { name } of graph.values) {
    if (!made.has(name)) throw bad(`a type is given for ${quoted(name)}, which nothing makes`, { name });
    if (described.has(name)) throw bad(`the type of ${quoted(name)} is given twice`, { name });
    described.add(name);
  }
}

function needsShape({ name, shape }: ValueInfo): void {
  if (shape === undefined) throw bad(`input ${quoted(name)} has no shape; expected one`, { name });
}

function within(what: string, got: number, { from, to }: { readonly from: number; readonly to: number }): void {
  if (got < from || got > to)
    throw new JetError('UNSUPPORTED', `ONNX model: ${what} ${got}; expected ${from} to ${to}`, { got, from, to });
}
