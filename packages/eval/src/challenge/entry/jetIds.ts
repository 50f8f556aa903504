/** @file Reading the names of the jets. */
import { JetError } from '@jetsdk/jets';
import { readNpy } from '@jetsdk/jets/npy';

/**
 * Reads ids: a `.npy` array of strings or whole numbers, or text with one id a line, under a header `id` or none.
 *
 * @param where name for messages
 * @param bytes the whole file; not modified
 * @returns (jets,) in the order of the file
 * @throws {JetError} BAD_FILE for anything else; SHAPE_MISMATCH for an array of more than one dimension
 */
export function parseIds(where: string, bytes: Uint8Array): string[] {
  if (bytes[0] !== 0x93) return linesOf(where, bytes);
  const { shape, dtype, data } = readNpy(bytes, { name: where });
  if (shape.length !== 1)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ids of shape (${shape.join(', ')}); expected one id a jet, shape (n,)`,
      {
        shape,
      },
    );
  if (dtype === 'float16' || dtype === 'float32' || dtype === 'float64' || dtype === 'bool')
    throw new JetError('BAD_FILE', `${where}: ids of type ${dtype}; expected strings or whole numbers`, { dtype });
  return Array.from<unknown, string>(data, String);
}

function linesOf(where: string, bytes: Uint8Array): string[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new JetError('BAD_FILE', `${where}: neither .npy nor text; expected one id a line`, {}, { cause });
  }
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim().replace(/^"(.*)"$/, '$1'));
  while (lines.at(-1) === '') lines.pop();
  const wrong = lines.findIndex((line) => /[,;\t\0]/.test(line));
  if (wrong >= 0)
    throw new JetError('BAD_FILE', `${where}: line ${wrong + 1} has several columns; expected one id a line`, {
      line: wrong + 1,
    });
  return lines[0]?.toLowerCase() === 'id' ? lines.slice(1) : lines;
}
