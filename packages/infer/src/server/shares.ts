/** @file What all clients have in common, shared so that a newcomer always finds some. */

export interface Shares {
  /** Whether so much is there for that client; nothing is taken otherwise. */
  take(client: string, amount: number): boolean;
  give(client: string, amount: number): void;
  /** Whether a client could take so much. */
  has(client: string, amount: number): boolean;
}

/**
 * A client may hold as much as is free: alone half of all, n of them 1/(n + 1) each, and whoever comes next finds as much.
 *
 * @see Choudhury and Hahne, Dynamic queue length thresholds for shared-memory packet switches, 1998
 */
export function shares(total: number): Shares {
  const held = new Map<string, number>();
  let left = total;
  const has = (client: string, amount: number): boolean => (held.get(client) ?? 0) + amount <= left;
  return {
    has,
    take(client, amount) {
      if (!has(client, amount)) return false;
      left -= amount;
      held.set(client, (held.get(client) ?? 0) + amount);
      return true;
    },
    give(client, amount) {
      left += amount;
      const rest = (held.get(client) ?? 0) - amount;
      if (rest > 0) held.set(client, rest);
      else held.delete(client);
    },
  };
}

/** Who is counted as one: an IPv4 address, or the 64 bits of an IPv6 address that a network is given. */
export function clientOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const four = /(?:\d+\.){3}\d+$/.exec(address)?.[0];
  if (four !== undefined) return four;
  const [head, tail] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  return [...head, ...Array<string>(zeros).fill('0'), ...(tail ?? [])].slice(0, 4).join(':');
}
