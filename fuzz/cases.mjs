// The cases of a target, each with a stream of its own, so that one can be made again alone.
import { random } from '@jetsdk/jets';

/**
 * @param {string} name of a target
 * @param {number} seed
 */
export async function caseOf(name, seed) {
  const target = (await import(`./targets/${name}.mjs`)).default;
  const seeds = await target.seeds();
  return {
    read: (input) => target.read(input),
    load(number) {
      const stream = random((Math.imul(number + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b)) >>> 0);
      return target.mutate(stream, seeds[stream.integer(seeds.length)], seeds[stream.integer(seeds.length)]);
    },
  };
}
