/** @file What is in a file, found from its root. */
import { JetError } from '../../errors.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import type { H5Dataset } from './dataset.js';
import { addressOf, describeDataset } from './describeDataset.js';
import { type H5Library, isSpent } from './library.js';

/** How much of a file is listed. */
export interface ListingLimits {
  readonly objects: number;
  /** groups inside of groups; what lies deeper is left out */
  readonly depth: number;
}

/** What is in a file. */
export interface Listing {
  /** below the root, without PyTables' search indices (`_i_…`) */
  readonly datasets: readonly H5Dataset[];
  readonly groups: readonly string[];
  /** paths of links to other files */
  readonly links: readonly string[];
}

/** Lists a file; links that lead nowhere or in circles are left out, and a group that is found again. */
export function listFile(
  h5: H5Library,
  id: bigint,
  file: BinaryFile,
  limits: ListingLimits,
  guard: <T>(h5: H5Library, what: string, run: () => T) => T,
): Listing {
  const datasets: H5Dataset[] = [];
  const links: string[] = [];
  const groups: string[] = [];
  const found = new Set<number>();
  let objects = 0;
  const call = <T>(run: () => T): T => guard(h5, 'its contents cannot be listed', run);
  /** @returns undefined for a soft link that cannot be followed */
  const typeOf = (path: string): number | undefined => {
    try {
      return call(() => h5.get_type(id, path));
    } catch (error) {
      if (!isSpent(h5) && call(() => h5.get_symbolic_link(id, path)) !== null) return undefined;
      throw error;
    }
  };
  const visit = (group: string, depth: number): void => {
    const address = call(() => addressOf(h5, id, group === '' ? '/' : group));
    if (found.has(address)) return;
    found.add(address);
    if (group !== '') groups.push(group);
    for (const child of call(() => h5.get_names(id, group === '' ? '/' : group, false))) {
      if (++objects > limits.objects)
        throw new JetError(
          'LIMIT_EXCEEDED',
          `${file.name}: more than ${limits.objects} groups and datasets; write the jets into one dataset`,
          { limit: limits.objects },
        );
      const path = `${group}/${child}`;
      const type = typeOf(path);
      if (type === h5.H5G_DATASET) datasets.push(call(() => describeDataset(h5, id, file, path)));
      else if (type === h5.H5G_UDLINK) links.push(path);
      else if (type === h5.H5G_GROUP && !child.startsWith('_i_') && depth < limits.depth) visit(path, depth + 1);
    }
  };
  visit('', 0);
  return { datasets, groups, links };
}
