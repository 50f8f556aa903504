/**
 * @file Weights in files beside the model, as PyTorch's exporter leaves them.
 *
 * @see https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
 */
import { isJetError, JetError, shortText } from '@jetsdk/jets';
import { ATTRIBUTE, FUNCTION, GRAPH, MODEL, NODE, SPARSE_TENSOR, TENSOR } from './fields.js';
import type { ExternalPlace } from './model.js';
import type { ModelFile } from './modelFile.js';
import { readingOnnx } from './onnxFile.js';
import { readPlace } from './read/initializer.js';
import { readFields } from './wire/reader.js';
import { MessageWriter } from './wire/writer.js';

/** Larger files do not fit the protocol buffers that ONNX is written in. */
const MAX_MODEL_BYTES = 2 ** 31;
/** Weights may be shared by naming one place twice; a small file must not become a large model so. */
const MAX_REPEATED_BYTES = 2 ** 28;

/** A model with everything inside. */
export interface WholeModel {
  readonly bytes: Uint8Array;
  /** the files it was read from, the model first */
  readonly files: readonly Uint8Array[];
}

/** The messages that tensors lie in, by the number of the field. */
const INNER: Readonly<Record<Exclude<Kind, 'tensor'>, Readonly<Record<number, Kind>>>> = {
  model: { [MODEL.graph]: 'graph', [MODEL.functions]: 'function' },
  function: { [FUNCTION.node]: 'node' },
  graph: { [GRAPH.node]: 'node', [GRAPH.initializer]: 'tensor', [GRAPH.sparseInitializer]: 'sparse' },
  node: { [NODE.attribute]: 'attribute' },
  attribute: {
    [ATTRIBUTE.t]: 'tensor',
    [ATTRIBUTE.g]: 'graph',
    [ATTRIBUTE.tensors]: 'tensor',
    [ATTRIBUTE.graphs]: 'graph',
    [ATTRIBUTE.sparseTensor]: 'sparse',
    [ATTRIBUTE.sparseTensors]: 'sparse',
  },
  sparse: { [SPARSE_TENSOR.values]: 'tensor', [SPARSE_TENSOR.indices]: 'tensor' },
};
type Kind = 'model' | 'function' | 'graph' | 'node' | 'attribute' | 'sparse' | 'tensor';

/** Gives a tensor anew; undefined where it stays as it is. */
type Change = (tensor: Uint8Array) => MessageWriter | undefined;

/** Messages inside of messages; protobuf's own limit. */
const MOST_LEVELS = 100;

/**
 * Takes weights from the files beside a model into it.
 *
 * @param file with the bytes of a complete ONNX model
 * @throws {JetError} BAD_MODEL if a file is not to be had, lies elsewhere than beside the model, or is too short;
 *   LIMIT_EXCEEDED if all together are larger than a model may be
 */
export async function withExternalData(file: ModelFile): Promise<WholeModel> {
  const beside = new Map<string, Uint8Array>();
  const places: ExternalPlace[] = [];
  const changed = (change: Change): MessageWriter | undefined =>
    readingOnnx(file.bytes, file.name, () => rewritten(file.bytes, 'model', change));
  changed((tensor) => {
    const place = readPlace(tensor);
    if (place !== undefined) places.push(place);
    return undefined;
  });
  if (places.length === 0) return { bytes: file.bytes, files: [file.bytes] };
  let size = file.bytes.length;
  for (const { location } of places) {
    if (beside.has(location)) continue;
    const data = await readBeside(file, location);
    beside.set(location, data);
    size += data.length;
    requireSize(file.name, size);
  }
  const files = [file.bytes, ...beside.values()];
  requireRoom(file, places, beside);
  const whole = changed((tensor) => {
    const place = readPlace(tensor);
    const data = place && beside.get(place.location);
    return place && data && inside(tensor, place, file.name, data);
  });
  return { bytes: whole?.finish() ?? file.bytes, files };
}

function requireSize(name: string, size: number): void {
  if (size > MAX_MODEL_BYTES)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: ${size} bytes with its external data; expected at most ${MAX_MODEL_BYTES}; export a smaller model`,
      { size, limit: MAX_MODEL_BYTES },
    );
}

/** @throws {JetError} LIMIT_EXCEEDED if the joined model is larger than one may be, or repeats too much of its files */
function requireRoom(
  { name, bytes }: ModelFile,
  places: readonly ExternalPlace[],
  beside: ReadonlyMap<string, Uint8Array>,
): void {
  const pieces = places.map(({ location, offset, length }) => {
    const all = beside.get(location)?.length ?? 0;
    return { location, from: offset, to: offset + (length ?? Math.max(0, all - offset)) };
  });
  const joined = pieces.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
  requireSize(name, bytes.length + joined);
  pieces.sort((a, b) => (a.location === b.location ? a.from - b.from : a.location < b.location ? -1 : 1));
  let once = 0;
  let last = { location: '', to: 0 };
  for (const { location, from, to } of pieces) {
    if (location !== last.location) last = { location, to: 0 };
    once += Math.max(0, to - Math.max(from, last.to));
    last = { location, to: Math.max(to, last.to) };
  }
  const repeated = joined - once;
  if (repeated > MAX_REPEATED_BYTES)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: its weights take ${repeated} bytes of its external data more than once; expected at most ${MAX_REPEATED_BYTES}; share them in the graph`,
      { repeated, limit: MAX_REPEATED_BYTES },
    );
}

/**
 * A message with other tensors; weights are not copied, for they are large.
 *
 * @returns undefined where nothing changes
 */
function rewritten(message: Uint8Array, kind: Kind, change: Change, level = 0): MessageWriter | undefined {
  if (kind === 'tensor') return change(message);
  if (level > MOST_LEVELS)
    throw new JetError('LIMIT_EXCEEDED', `messages inside of messages, more than ${MOST_LEVELS} levels`);
  const inner = INNER[kind];
  let changed = false;
  const out = new MessageWriter();
  readFields(message, kind, 'light', (field) => {
    const next = inner[field.number];
    const made = next && rewritten(field.bytes(), next, change, level + 1);
    if (made === undefined) out.raw(field.raw());
    else {
      changed = true;
      out.message(field.number, made);
    }
  });
  return changed ? out : undefined;
}

async function readBeside({ name, beside }: ModelFile, location: string): Promise<Uint8Array> {
  const wrong = (problem: string, remedy: string, cause?: unknown): JetError =>
    new JetError(
      'BAD_MODEL',
      `${name}: its weights lie in ${shortText(location) || 'a file without a name'}, ${problem}; expected a file beside the model; ${remedy}`,
      { location },
      { cause },
    );
  const again = 'export it as one file, with external_data=False of torch.onnx.export';
  const isBeside = location !== '' && !/^\/|[\\:\0]/.test(location) && !location.split('/').includes('..');
  if (!isBeside) throw wrong('which is elsewhere', again);
  if (beside === undefined) throw wrong('which is not given', `load it by path or address, or ${again}`);
  try {
    return await beside(location);
  } catch (cause) {
    if (!isJetError(cause) || cause.code === 'CANCELLED' || cause.code === 'LIMIT_EXCEEDED') throw cause;
    throw wrong(`which cannot be read (${cause.message.split(';')[0]})`, `put it there, or ${again}`, cause);
  }
}

/** The tensor with its numbers. */
function inside(
  tensor: Uint8Array,
  { location, offset, length }: ExternalPlace,
  name: string,
  data: Uint8Array,
): MessageWriter {
  const stop = offset + (length ?? data.length - offset);
  if (!(offset >= 0 && stop >= offset && stop <= data.length))
    throw new JetError(
      'BAD_MODEL',
      `${name}: weights at bytes ${offset} to ${stop} of ${shortText(location)}, which has ${data.length}; expected a complete file; export or download both again`,
      { location, offset, stop, bytes: data.length },
    );
  const out = new MessageWriter();
  readFields(tensor, 'TensorProto', 'light', (field) => {
    if (field.number !== TENSOR.externalData && field.number !== TENSOR.dataLocation) out.raw(field.raw());
  });
  return out.bytes(TENSOR.rawData, data.subarray(offset, stop));
}
