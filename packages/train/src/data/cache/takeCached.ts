import { createHash } from 'node:crypto';
import { rangeOfExtents } from '@jetsdk/jets';
import type { InputRows } from '../inputs.js';
import type { CachedJets } from './cacheFile.js';

/**
 * Some jets of a cache, in any order, as inputs of their own.
 *
 * @param jets numbers of the jets in the cache; not modified, and not to be modified
 */
export function takeCached({ inputs, extents }: CachedJets, jets: Uint32Array): InputRows {
  const rows = new Uint8Array(jets.buffer, jets.byteOffset, jets.byteLength);
  return {
    shape: [jets.length, ...inputs.shape.slice(1)],
    digest: createHash('sha256').update(inputs.digest).update(rows).digest('hex'),
    range: rangeOfExtents(extents, jets),
    read: (wanted, change, memory) =>
      inputs.read(
        wanted.map((row) => jets[row]),
        change,
        memory,
      ),
  };
}
