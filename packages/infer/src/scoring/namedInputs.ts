/** @file Jets that are as the network takes them, from a source. */
import type { JetSource } from '@jetsdk/jets';
import type { NamedInputs } from './chunk.js';

/** Jets that are read at a time. */
const BLOCK = 8192;

/**
 * Jets of a source as they are, block by block, for `score` and others: no recipe is applied and nothing is normalised,
 * since the source has done so, such as `inputSource` of `@jetsdk/jets`.
 *
 * @param name of the input, `tagger.info.inputs[0].name`
 * @throws {JetError} as the reading of the source
 */
export async function* namedInputs(source: JetSource, name: string): AsyncGenerator<NamedInputs, void, undefined> {
  for (let start = 0; start < source.count; start += BLOCK) {
    const { shape, data } = await source.read(start, Math.min(source.count, start + BLOCK));
    yield { kind: 'inputs', inputs: { [name]: { shape, data } } };
  }
}
