import { JetError } from '@jetsdk/jets';
import type { Precision } from '@jetsdk/onnx';

/**
 * @param found undefined where it is not known
 * @throws {JetError} BAD_MODEL unless the weights are what the caller expects
 */
export function requirePrecision(where: string, found: Precision | undefined, expected: Precision | undefined): void {
  if (expected === undefined || expected === found) return;
  if (!['float32', 'float16', 'int8'].includes(expected))
    throw new JetError(
      'BAD_ARGUMENT',
      `loadTagger: precision ${expected}; expected float32, float16 or int8; leave it out to take what the file has`,
      { precision: expected },
    );
  throw new JetError(
    'BAD_MODEL',
    `${where}: its weights are ${found ?? 'of a precision that the server does not tell'}; expected ${expected}; take the file that was exported so, or leave out the option precision`,
    { precision: found, expected },
  );
}
