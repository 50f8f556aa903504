/** @file What is odd about jets to learn from: it would be learned. */
import { EXTENT_SIZE, formatCount, formatCounted } from '@jetsdk/jets';

/** GeV: half the energy of the LHC; no jet has more pT. */
const MOST_GEV = 7000;
/** GeV: among several jets one has more; in TeV hardly any has. */
const LEAST_GEV = 5;
const SEVERAL = 10;

/** What is known of jets beside their inputs. */
export interface JetsToLearn {
  /** (jets,) class numbers */
  readonly labels: Uint8Array;
  /** (jets, 3) the least and the greatest number of each, and their sum */
  readonly extents: Float32Array;
  /** (jets,) GeV, where they had constituents */
  readonly pt?: Float64Array;
}

/**
 * @param name of the jets, for people
 * @returns a sentence for each kind of thing that is odd
 */
export function oddJets(name: string, { labels, extents, pt }: JetsToLearn): string[] {
  const jets = labels.length;
  let empty = 0;
  let highest = 0;
  for (let jet = 0; jet < jets; jet++) {
    if (pt === undefined ? extents[EXTENT_SIZE * jet] === 0 && extents[EXTENT_SIZE * jet + 1] === 0 : pt[jet] === 0)
      empty++;
    else if (pt !== undefined && pt[jet] > highest) highest = pt[jet];
  }
  const told = [];
  if (empty > 0)
    told.push(
      `${name}: ${formatCount(empty)} of ${formatCounted(jets, 'jet')} are empty, all zeros; they teach nothing; leave them out`,
    );
  const most = `jets of at most ${Number(highest.toPrecision(6))} in pT; expected GeV`;
  if (highest > MOST_GEV) told.push(`${name}: ${most}, at most ${MOST_GEV}; if they are in MeV, divide them by 1000`);
  else if (highest > 0 && highest < LEAST_GEV && jets >= SEVERAL)
    told.push(`${name}: ${most}, some above ${LEAST_GEV}; if they are in TeV, multiply them by 1000`);
  return told;
}
