import { JetError, requireBytes } from '@jetsdk/jets';
import type { Model } from '../model.js';
import type { Reading } from '../wire/reader.js';
import { atMost, Budget, type DecodeLimits } from './budget.js';
import { checkModel } from './check.js';
import { ModelReader, type RawFields } from './modelReader.js';

/**
 * Decodes an ONNX file and checks that it is a model that can run: names resolve, there is no cycle, constants are as
 * long as their shapes say. Nodes come in an order in which they can run. Constants are views on `bytes` where they can
 * be.
 *
 * @param bytes the whole file; not modified, and to be left unchanged while the model is in use
 * @throws {JetError} BAD_MODEL if the bytes are not such a model, UNSUPPORTED if they use what this reader does not take
 * (external data, subgraphs, operators of other domains, unknown fields), LIMIT_EXCEEDED if they are larger than `limits`
 * @see https://github.com/onnx/onnx/blob/main/docs/IR.md
 */
export function decodeModel(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Model {
  const model = read(bytes, 'strict', limits);
  checkModel(model);
  return model;
}

/**
 * Reads an ONNX file as far as it is understood and steps over the rest: for what is scored or described, not rewritten.
 * Constants are made when they are asked for. Nodes come in an order in which they can run, where there is one.
 *
 * @param bytes as for `decodeModel`
 * @param raw is filled with the fields of the main graph's lists
 * @throws {JetError} BAD_MODEL if the bytes are no ONNX model, LIMIT_EXCEEDED
 */
export function skimModel(bytes: Uint8Array, raw?: RawFields): Model {
  return read(bytes, 'light', {}, raw);
}

function read(bytes: Uint8Array, reading: Reading, limits: Partial<DecodeLimits>, raw?: RawFields): Model {
  requireBytes('ONNX file', bytes, 'its bytes, a Uint8Array');
  const budget = new Budget(limits);
  atMost('ONNX file', 'bytes', bytes.length, budget.limits.bytes);
  if (bytes.length === 0) throw new JetError('BAD_MODEL', 'ONNX file: 0 bytes; expected a model', { bytes: 0 });
  return new ModelReader(reading, budget, raw).model(bytes);
}
