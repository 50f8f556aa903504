/** @file JSON and float32 numbers as one file, so that it is whole or not there. */
import { readFile } from 'node:fs/promises';
import { JetError } from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import { parseJson } from '@jetsdk/jets/json';

const PREFIX = 12;

/** @param magic eight characters that say what the file is */
export async function writeNumbers(
  path: string,
  magic: string,
  header: object,
  arrays: readonly Float32Array[],
): Promise<void> {
  const text = Buffer.from(JSON.stringify({ ...header, lengths: arrays.map(({ length }) => length) }), 'utf8');
  const prefix = Buffer.alloc(PREFIX);
  prefix.write(magic, 'latin1');
  prefix.writeUInt32LE(text.length, 8);
  const numbers = arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  await writeFileAtomically(path, Buffer.concat([prefix, text, ...numbers]));
}

/**
 * @returns undefined if there is no such file
 * @throws {JetError} BAD_FILE if it is something else or damaged
 */
export async function readNumbers(
  path: string,
  magic: string,
): Promise<{ readonly header: unknown; readonly arrays: Float32Array[] } | undefined> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new JetError('BAD_FILE', `${path}: cannot be read`, { path }, { cause });
  }
  const fail = (reason: string): JetError =>
    new JetError('BAD_FILE', `${path}: ${reason}; expected a file that training wrote; train again`, { path });
  if (file.length < PREFIX || file.toString('latin1', 0, 8) !== magic)
    throw fail(`${file.length} bytes of another kind`);
  const start = PREFIX + file.readUInt32LE(8);
  if (start > file.length) throw fail(`${file.length} bytes, its header alone has ${start}`);
  const header = parseJson(file.toString('utf8', PREFIX, start), path) as { readonly lengths?: unknown };
  const lengths = Array.isArray(header?.lengths) ? (header.lengths as unknown[]).map(Number) : [];
  const size = lengths.reduce((sum, length) => sum + length, 0);
  if (!lengths.every((length) => Number.isSafeInteger(length) && length >= 0) || file.length !== start + 4 * size)
    throw fail(`${file.length} bytes for ${size} numbers`);
  const numbers = new Float32Array(new Uint8Array(file.subarray(start)).buffer);
  let at = 0;
  const arrays = lengths.map((length) => {
    at += length;
    return numbers.slice(at - length, at);
  });
  return { header, arrays };
}
