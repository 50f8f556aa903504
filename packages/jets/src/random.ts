/** @file Seeded random numbers: the same seed gives the same stream on every machine. */
import { JetError } from './errors.js';

/** A seeded stream of random numbers. */
export interface Random {
  /** uniform integer in [0, 2³²) */
  uint32(): number;
  /** uniform in [0, 1), 53 random bits */
  uniform(): number;
  /** uniform integer in [0, n), without bias; 1 ≤ n ≤ 2³² */
  integer(n: number): number;
  /** standard normal */
  normal(): number;
  /** Fisher–Yates, in place */
  shuffle<T extends { length: number; [index: number]: unknown }>(values: T): T;
  /** the state as 4 integers in [0, 2³²); give it to `randomFromState` to go on */
  state(): readonly [number, number, number, number];
}

/**
 * xoshiro128** seeded through SplitMix32.
 *
 * @param seed an integer in [0, 2³²)
 * @throws {JetError} OUT_OF_RANGE if the seed is not such an integer
 * @see Blackman, Vigna: Scrambled linear pseudorandom number generators, arXiv:1805.01407
 */
export function random(seed: number): Random {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new JetError('OUT_OF_RANGE', `random: seed ${seed}; expected an integer from 0 to 4294967295`, { seed });
  let s = seed;
  const next = (): number => {
    s = (s + 0x9e3779b9) | 0;
    let z = s ^ (s >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return randomFromState([next(), next(), next(), next()]);
}

/** Goes on where a stream with this `state()` stood. */
export function randomFromState(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;
  const uint32 = (): number => {
    const m = Math.imul(b, 5);
    const result = Math.imul((m << 7) | (m >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  const integer = (n: number): number => {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000)
      throw new JetError('OUT_OF_RANGE', `random: integer below ${n}; expected 1 to 4294967296`, { n });
    const limit = 0x100000000 - (0x100000000 % n);
    let r = uint32();
    while (r >= limit) r = uint32();
    return r % n;
  };
  return {
    uint32,
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle(values) {
      const v = values as { length: number; [index: number]: unknown };
      for (let i = v.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const held = v[i];
        v[i] = v[j];
        v[j] = held;
      }
      return values;
    },
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  };
}
