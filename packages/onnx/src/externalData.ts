/**
 * @file Weights in files beside the model, as PyTorch's exporter leaves them.
 *
 * @see https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
 */
import { isJetError, JetError } from '@jetsdk/jets';
import { bytes, fieldHeader, fields, joined, lengthOf, readEntry } from './lightWire.js';
import { MAX_MODEL_BYTES, type ModelFile } from './modelFile.js';
import { readingOnnx } from './onnxFile.js';

/** A model with everything inside. */
export interface WholeModel {
  readonly bytes: Uint8Array;
  /** the files it was read from, the model first */
  readonly files: readonly Uint8Array[];
}

/** The messages that tensors lie in, by the number of the field. */
const INNER = {
  model: { 7: 'graph', 25: 'function' },
  function: { 7: 'node' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
} as const;
type Kind = keyof typeof INNER | 'tensor';
type Parts = readonly Uint8Array[];

/** ONNX's TensorProto: numbers as bytes, where a tensor lies in its file, and whether it lies there. */
const RAW_DATA = 9;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;

/** Where the numbers of a tensor lie. */
interface Place {
  readonly location: string;
  readonly offset: number;
  /** undefined: to the end of the file */
  readonly length: number | undefined;
}

/**
 * Takes weights from the files beside a model into it.
 *
 * @param file with the bytes of a complete ONNX model
 * @throws {JetError} BAD_MODEL if a file is not to be had, lies elsewhere than beside the model, or is too short;
 *   LIMIT_EXCEEDED if all together are larger than a model may be
 */
export async function withExternalData(file: ModelFile): Promise<WholeModel> {
  const beside = new Map<string, Uint8Array>();
  const partsOfModel = (change: (tensor: Uint8Array) => Parts | undefined): Parts | undefined =>
    readingOnnx(file.bytes, file.name, () => partsOf(file.bytes, 'model', change));
  partsOfModel((tensor) => {
    const place = placeOf(tensor);
    if (place !== undefined) beside.set(place.location, tensor);
    return undefined;
  });
  if (beside.size === 0) return { bytes: file.bytes, files: [file.bytes] };
  for (const location of beside.keys()) beside.set(location, await readBeside(file, location));
  const files = [file.bytes, ...beside.values()];
  const size = files.reduce((sum, { length }) => sum + length, 0);
  if (size > MAX_MODEL_BYTES)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${file.name}: ${size} bytes with its external data; expected at most ${MAX_MODEL_BYTES}; export a smaller model`,
      { size, limit: MAX_MODEL_BYTES },
    );
  const parts = partsOfModel((tensor) => {
    const place = placeOf(tensor);
    return place && inside(tensor, place, file.name, beside.get(place.location)!);
  });
  return { bytes: joined(parts!), files };
}

/**
 * A message in parts, which are not copied: weights are large.
 *
 * @param change gives a tensor in parts, undefined where it stays as it is
 * @returns undefined where nothing changes
 */
function partsOf(
  message: Uint8Array,
  kind: Kind,
  change: (tensor: Uint8Array) => Parts | undefined,
): Parts | undefined {
  if (kind === 'tensor') return change(message);
  const inner: Readonly<Record<number, Kind>> = INNER[kind];
  let changed = false;
  const parts: Uint8Array[] = [];
  for (const { number, content, raw } of fields(message)) {
    const next = inner[number];
    const made = next && content && partsOf(content, next, change);
    if (made === undefined) parts.push(raw);
    else {
      changed = true;
      parts.push(fieldHeader(number, lengthOf(made)), ...made);
    }
  }
  return changed ? parts : undefined;
}

function placeOf(tensor: Uint8Array): Place | undefined {
  let external = false;
  const entries = new Map<string, string>();
  for (const part of fields(tensor))
    if (part.number === DATA_LOCATION) external = part.value === 1;
    else if (part.number === EXTERNAL_DATA) entries.set(...readEntry(bytes(part)));
  if (!external) return undefined;
  const number = (key: string): number | undefined => {
    const value = entries.get(key);
    return value === undefined ? undefined : Number(value);
  };
  return { location: entries.get('location') ?? '', offset: number('offset') ?? 0, length: number('length') };
}

async function readBeside({ name, beside }: ModelFile, location: string): Promise<Uint8Array> {
  const wrong = (problem: string, remedy: string, cause?: unknown): JetError =>
    new JetError(
      'BAD_MODEL',
      `${name}: its weights lie in ${location || 'a file without a name'}, ${problem}; expected a file beside the model; ${remedy}`,
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
    if (!isJetError(cause) || cause.code === 'CANCELLED') throw cause;
    throw wrong(`which cannot be read (${cause.message.split(';')[0]})`, `put it there, or ${again}`, cause);
  }
}

/** The tensor with its numbers. */
function inside(tensor: Uint8Array, { location, offset, length }: Place, name: string, data: Uint8Array): Parts {
  const stop = offset + (length ?? data.length - offset);
  if (!(offset >= 0 && stop >= offset && stop <= data.length))
    throw new JetError(
      'BAD_MODEL',
      `${name}: weights at bytes ${offset} to ${stop} of ${location}, which has ${data.length}; expected a complete file; export or download both again`,
      { location, offset, stop, bytes: data.length },
    );
  const kept = [...fields(tensor)].filter(({ number }) => number !== EXTERNAL_DATA && number !== DATA_LOCATION);
  return [...kept.map(({ raw }) => raw), fieldHeader(RAW_DATA, stop - offset), data.subarray(offset, stop)];
}
