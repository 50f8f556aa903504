/** @file Jets on their way to the network. */
import {
  type Beside,
  counted,
  JetError,
  type JetImages,
  type Jets,
  mapBeside,
  rowsOf,
  sizeOf,
  type Tensor,
} from '@jetsdk/jets';
import type { InputPlan, Plan } from '../model/plan.js';
import { shapeText } from '../model/shapeText.js';
import { requireArrays } from './door.js';

/** The inputs of a model by name, one row a jet. */
export interface NamedInputs {
  readonly kind: 'inputs';
  /** (jets, …) each, of the shape that the graph declares, or images channels-last */
  readonly inputs: Readonly<Record<string, Tensor>>;
}

/** Jets in memory. */
export type JetArrays = Jets | JetImages | NamedInputs;

/** Consecutive jets; an entry of `parts` for every input of the model, in the plan's order. */
export interface Chunk {
  readonly kind: 'images' | 'constituents' | 'inputs';
  /** number of the first jet among all that are scored */
  readonly first: number;
  readonly jets: number;
  readonly parts: readonly Tensor[];
  /** (jets, constituents) charge and vertex of constituents, those that are known */
  readonly beside?: Beside;
  /** whether the probabilities of all columns are wanted, not only the signal's */
  readonly all?: boolean;
  /** whether the calling thread read it just now, and has the next one to read */
  readonly read?: boolean;
}

/**
 * Jets in memory as one chunk.
 *
 * @param first number of the first jet
 * @throws {JetError} as `requireArrays` and `requireChunkFits`; BAD_ARGUMENT if an input is missing
 */
export function wholeChunk(x: JetArrays, plan: Plan, first: number): Chunk {
  requireArrays(x);
  let chunk: Chunk;
  if (x.kind === 'inputs') {
    const parts = plan.inputs.map(({ name }) => {
      const part = x.inputs[name];
      if (part === undefined)
        throw new JetError(
          'BAD_ARGUMENT',
          `score: inputs ${Object.keys(x.inputs).join(', ') || 'none'} for model ${plan.name}; expected ${plan.inputs.map((input) => input.name).join(', ')}`,
          { missing: name },
        );
      return part;
    });
    chunk = { kind: 'inputs', first, jets: parts[0].shape[0] ?? 0, parts };
  } else {
    const several = plan.inputs.length !== 1;
    const made = x.kind === 'constituents' && plan.inputs.every(({ recipe }) => recipe !== undefined);
    if (several && !made)
      throw new JetError(
        'BAD_ARGUMENT',
        `score: one array for model ${plan.name}, which takes ${counted(plan.inputs.length, 'input')} (${plan.inputs.map((input) => input.name).join(', ')}); expected { kind: 'inputs', inputs: { name: { shape, data } } }`,
        { inputs: plan.inputs.length },
      );
    chunk = { kind: x.kind, first, jets: x.shape[0], parts: [{ shape: x.shape, data: x.data }] };
    if (x.kind === 'constituents') chunk = { ...chunk, beside: mapBeside(x, (numbers) => numbers) };
  }
  requireChunkFits(plan, chunk);
  return chunk;
}

/** Whether a named input comes in the shape that the graph declares. */
export function isAsDeclared(chunk: Chunk, index: number, { graphShape }: InputPlan): boolean {
  const { shape } = chunk.parts[index];
  return chunk.kind === 'inputs' && fits(shape, graphShape);
}

const fits = (shape: readonly number[], expected: readonly (number | undefined)[]): boolean =>
  shape.length === expected.length + 1 && expected.every((size, i) => size === undefined || size === shape[i + 1]);

/** Jets [start, stop) of a chunk as a view on the same memory. */
export function sliceChunk(chunk: Chunk, start: number, stop: number): Chunk {
  if (start === 0 && stop === chunk.jets) return chunk;
  const parts = chunk.parts.map((part) => rowsOf(part, start, stop));
  const part: Chunk = {
    kind: chunk.kind,
    first: chunk.first + start,
    jets: stop - start,
    parts,
    ...(chunk.all && { all: true }),
  };
  if (chunk.beside === undefined) return part;
  const slots = chunk.parts[0].shape[1];
  return { ...part, beside: mapBeside(chunk.beside, (numbers) => numbers.subarray(start * slots, stop * slots)) };
}

/**
 * The same jets in other memory.
 *
 * @param memory gives room for that many bytes
 */
export function copyChunk(chunk: Chunk, memory: (bytes: number) => ArrayBuffer): Chunk {
  const parts = chunk.parts.map(({ shape, data }) => {
    const copy = new Float32Array(memory(data.byteLength), 0, data.length);
    copy.set(data);
    return { shape, data: copy };
  });
  if (chunk.beside === undefined) return { ...chunk, parts };
  const beside = mapBeside(chunk.beside, (numbers) => {
    const copy = new Int8Array(memory(numbers.length), 0, numbers.length);
    copy.set(numbers);
    return copy;
  });
  return { ...chunk, parts, beside };
}

/** The memory of a chunk. */
export function buffersOf({ parts, beside = {} }: Chunk): ArrayBuffer[] {
  return [...parts.map(({ data }) => data), ...Object.values(beside)].map(({ buffer }) => buffer as ArrayBuffer);
}

/**
 * @throws {JetError} SHAPE_MISMATCH with both shapes if the jets are not what the model takes; BAD_ARGUMENT if it
 *   takes something else altogether
 */
export function requireChunkFits(plan: Plan, chunk: Chunk): void {
  for (const { shape, data } of chunk.parts) {
    const length = sizeOf(shape);
    if (length !== data.length)
      throw new JetError(
        'SHAPE_MISMATCH',
        `score: ${data.length} numbers in an array of shape ${shapeText(shape)}; expected ${length}`,
        {
          length: data.length,
          shape,
        },
      );
  }
  if (chunk.kind === 'constituents' && plan.inputs[0].kind !== 'constituents') {
    requireJetShape(plan, chunk.parts[0].shape, [undefined, 4]);
    if (plan.recipe === undefined && plan.inputs[0].recipe === undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `score: constituents for model ${plan.name}, which takes images and has no recipe to make them; expected images; give them, or load the model with option recipe`,
        { model: plan.name },
      );
    return;
  }
  plan.inputs.forEach((input, i) => {
    const { shape } = chunk.parts[i];
    const size = sizeOf(shape.slice(1));
    if (isAsDeclared(chunk, i, input)) {
      // nothing to lay out
    } else if (input.kind === 'constituents') {
      if (chunk.kind === 'images')
        throw new JetError(
          'BAD_ARGUMENT',
          `score: images for model ${plan.name}, which takes constituents; expected jets`,
          { model: plan.name },
        );
      requireJetShape(plan, shape, [undefined, 4]);
    } else if (input.layout === 'flat') {
      const [expected] = input.graphShape;
      if (shape.length !== 4 || (expected !== undefined && size !== expected)) throw mismatch(plan, shape, [expected]);
    } else requireJetShape(plan, shape, input.shape);
    if (shape[0] !== chunk.jets)
      throw new JetError(
        'SHAPE_MISMATCH',
        `score: ${counted(shape[0], 'jet')} in input ${input.name}, ${chunk.jets} in input ${plan.inputs[0].name}; expected as many`,
        { input: input.name, jets: shape[0], expected: chunk.jets },
      );
  });
}

function requireJetShape(plan: Plan, shape: readonly number[], expected: readonly (number | undefined)[]): void {
  if (!fits(shape, expected)) throw mismatch(plan, shape, expected);
}

function mismatch(plan: Plan, shape: readonly number[], expected: readonly (number | undefined)[]): JetError {
  return new JetError(
    'SHAPE_MISMATCH',
    `score: jets of shape ${shapeText(shape.slice(1))} for model ${plan.name}; expected ${shapeText(expected)}`,
    { shape: shape.slice(1), expected },
  );
}
