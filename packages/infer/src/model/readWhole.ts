import { JetError, joinBytes, sha256Hex } from '@jetsdk/jets';
import type { ModelFile, OnnxFacts } from '@jetsdk/onnx';
import { requireModelNamed } from './servedModel.js';
import type { ModelSource, ReadModelOptions } from './source.js';

/** A model with its weights, and what its file says. */
export interface ReadModel {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly facts: OnnxFacts;
  /** of the file as it lies there, with external data behind it */
  readonly sha256: string;
}

/**
 * @param read gets the file from where the platform finds it
 * @throws {JetError} FILE_NOT_FOUND, REMOTE, BAD_FILE, BAD_MODEL, LIMIT_EXCEEDED, CANCELLED
 */
export async function readWhole(
  read: (source: ModelSource, options: ReadModelOptions) => Promise<ModelFile>,
  source: ModelSource,
  options: ReadModelOptions,
): Promise<ReadModel> {
  requireModelNamed(source);
  const file = await read(source, options);
  const { readOnnxFile, withExternalData } = await import('./onnxFile.js');
  const { bytes, files } = await withExternalData(file);
  const facts = readOnnxFile(bytes, file.name);
  const sha256 = await requireHash(file.name, files, options.sha256);
  return { name: file.name, bytes, facts, sha256 };
}

async function requireHash(name: string, files: readonly Uint8Array[], expected: string | undefined): Promise<string> {
  const sha256 = await hashOf(files.length === 1 ? files[0] : joinBytes(files));
  if (expected !== undefined && expected.toLowerCase() !== sha256)
    throw new JetError(
      'BAD_FILE',
      `${name}: SHA-256 is ${sha256}; expected ${expected.toLowerCase()}; the file is another one, or damaged`,
      { sha256, expected },
    );
  return sha256;
}

/** Pages that are not served securely have no WebCrypto, which is ten times faster. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) return sha256Hex(bytes);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
