/** @file What `score` is given, looked at once per call and once per array: the mistakes of plain JavaScript. */
import { argumentText, isPromise, JetError, nearestName } from '@jetsdk/jets';

const KINDS = ['constituents', 'images', 'inputs'];
const EXPECTED = "jets(…), jetImages(…), an open file, or { kind: 'inputs', inputs }";

/** @throws {JetError} BAD_ARGUMENT with what was given and how to make jets of it */
export function requireScorable(x: unknown): void {
  if (typeof x !== 'object' || x === null || isPromise(x) || Array.isArray(x) || ArrayBuffer.isView(x)) refuse(x);
  if (Symbol.asyncIterator in x) return;
  if (!('read' in x)) requireArrays(x);
  else if (typeof x.read !== 'function' || !('count' in x) || !Number.isSafeInteger(x.count)) refuse(x);
}

/** @throws {JetError} BAD_ARGUMENT with what was given and how to make jets of it */
export function requireArrays(x: unknown): void {
  if (typeof x !== 'object' || x === null || !('kind' in x)) refuse(x);
  const { kind } = x;
  if (typeof kind !== 'string' || !KINDS.includes(kind))
    throw new JetError(
      'BAD_ARGUMENT',
      `score: kind is ${argumentText(kind)}; expected ${KINDS.join(', ')}${typeof kind === 'string' ? `; did you mean ${nearestName(kind, KINDS)}?` : ''}`,
      { kind },
    );
  if (kind !== 'inputs') {
    requireTensor('jets', x);
    return;
  }
  const inputs = 'inputs' in x ? x.inputs : undefined;
  if (typeof inputs !== 'object' || inputs === null)
    throw new JetError(
      'BAD_ARGUMENT',
      `score: inputs are ${argumentText(inputs)}; expected { name: { shape, data } } for every input of the model`,
    );
  for (const [name, tensor] of Object.entries(inputs)) requireTensor(`input ${name}`, tensor);
}

function requireTensor(what: string, tensor: unknown): void {
  const { shape, data } = (tensor ?? {}) as { readonly shape?: unknown; readonly data?: unknown };
  if (!(data instanceof Float32Array))
    throw new JetError(
      'BAD_ARGUMENT',
      `score: data of ${what} are ${argumentText(data)}; expected a Float32Array; ${Array.isArray(data) || ArrayBuffer.isView(data) ? 'convert them with Float32Array.from' : 'give { shape, data }'}`,
    );
  if (!(Array.isArray(shape) && shape.length > 0 && shape.every((size) => Number.isSafeInteger(size) && size >= 0)))
    throw new JetError(
      'BAD_ARGUMENT',
      `score: shape of ${what} is ${argumentText(shape)}; expected a list of whole numbers, the first of them the number of jets`,
    );
}

function refuse(x: unknown): never {
  throw new JetError('BAD_ARGUMENT', `score: got ${argumentText(x)}; expected ${EXPECTED}; ${remedyFor(x)}`);
}

function remedyFor(x: unknown): string {
  if (isPromise(x)) return 'await it';
  if (typeof x === 'string') return 'open the file first, await openJets(path)';
  if (ArrayBuffer.isView(x))
    return 'say what it holds: jets(data, constituents) or jetImages(data, [height, width, 1])';
  if (Array.isArray(x))
    return 'put the numbers into one Float32Array, row by row, and say what it holds: jets(data, constituents)';
  if (typeof x !== 'object' || x === null) return 'give the jets';
  if ('shape' in x && 'data' in x) return "add kind: 'constituents' or kind: 'images'";
  return 'name what it holds';
}
