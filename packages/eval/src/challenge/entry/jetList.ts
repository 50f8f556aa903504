/** @file The jets of a challenge by name: what a submission must score, each exactly once. */
import { JetError, quoted } from '@jetsdk/jets';

/** The jets to be scored, in the order of the challenge. */
export interface JetList {
  readonly count: number;
  /** the name of jet `index` */
  id(index: number): string;
  /** the position of a name, or undefined where no jet has it */
  find(id: string): number | undefined;
}

/**
 * Jets named by their row numbers, `0` to `count − 1`.
 *
 * @throws {JetError} BAD_DATASET if there is no jet
 */
export function numberedJets(count: number): JetList {
  if (!Number.isInteger(count) || count < 1)
    throw new JetError('BAD_DATASET', `jets: got ${count}; expected at least 1`, { count });
  return {
    count,
    id: (index) => String(index),
    find(id) {
      if (!/^\d{1,15}$/.test(id)) return undefined;
      const index = Number(id);
      return index < count ? index : undefined;
    },
  };
}

/**
 * Jets named by a list of ids.
 *
 * @param ids (jets,) unique, without surrounding blanks
 * @throws {JetError} BAD_DATASET if there is none, or an id is empty or appears twice
 */
export function namedJets(ids: readonly string[]): JetList {
  if (ids.length === 0) throw new JetError('BAD_DATASET', 'ids: got 0 ids; expected at least 1', { count: 0 });
  const positions = new Map<string, number>();
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (id === '' || id !== id.trim())
      throw new JetError('BAD_DATASET', `ids: id ${i} is ${quoted(id)}; expected a name without blanks around it`, {
        row: i,
      });
    const first = positions.get(id);
    if (first !== undefined)
      throw new JetError('BAD_DATASET', `ids: ${quoted(id)} stands in rows ${first} and ${i}; expected it once`, {
        id,
        rows: [first, i],
      });
    positions.set(id, i);
  }
  return { count: ids.length, id: (index) => ids[index], find: (id) => positions.get(id) };
}
