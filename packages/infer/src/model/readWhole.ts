import { JetError, joinBytes } from '@jetsdk/jets';
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
  const [file, { readOnnxFile, withExternalData, sha256Hex }] = await Promise.all([
    read(source, options),
    import('./onnxFile.js'),
  ]);
  const { bytes, files } = await withExternalData(file);
  const facts = readOnnxFile(bytes, file.name);
  const whole = files.length === 1 ? files[0] : joinBytes(files);
  const sha256 = (await webCryptoSha256(whole)) ?? sha256Hex(whole);
  requireHash(file.name, sha256, options.sha256);
  return { name: file.name, bytes, facts, sha256 };
}

function requireHash(name: string, sha256: string, expected: string | undefined): void {
  if (expected !== undefined && expected.toLowerCase() !== sha256)
    throw new JetError(
      'BAD_FILE',
      `${name}: SHA-256 is ${sha256}; expected ${expected.toLowerCase()}; the file is another one, or damaged`,
      { sha256, expected },
    );
}

/** Ten times faster than ours. @returns undefined in pages that are not served securely */
async function webCryptoSha256(bytes: Uint8Array): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
