/** @file What decoders trip over in damaged files. */
import { isJetError, JetError } from '../../errors.js';

/**
 * Runs a decoder that is not made for damaged data.
 *
 * @param name of what is decoded, for the message
 * @throws {JetError} BAD_FILE for every other error
 */
export async function decoding<T>(name: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    throw new JetError(
      'BAD_FILE',
      `${name}: cannot be decoded (${cause instanceof Error ? cause.message : cause}); expected an intact file; copy or make it again`,
      { name },
      { cause },
    );
  }
}
