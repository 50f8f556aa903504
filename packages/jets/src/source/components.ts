/** @file Constituents whose numbers are others than E, px, py, pz, or in another order. */
import { JetError } from '../errors.js';
import { nearestName } from '../nearestName.js';
import { quoted } from '../quoted.js';

/** What each number of a constituent is; `_` is none of them. Relative η and φ are from the axis of the jet. */
export type Component = 'E' | 'px' | 'py' | 'pz' | 'pt' | 'eta' | 'phi' | 'm' | '_';

/** Other names of the same. */
const NAMES: Readonly<Record<string, Component>> = {
  e: 'E',
  energy: 'E',
  px: 'px',
  py: 'py',
  pz: 'pz',
  pt: 'pt',
  eta: 'eta',
  phi: 'phi',
  m: 'm',
  mass: 'm',
  eta_rel: 'eta',
  etarel: 'eta',
  deta: 'eta',
  phi_rel: 'phi',
  phirel: 'phi',
  dphi: 'phi',
  _: '_',
};
const EXPECTED = 'E, px, py, pz, or pt, eta, phi with E or m, in the order of the file, _ for others';
/** The usual order, which needs no conversion. */
export const USUAL: readonly Component[] = ['E', 'px', 'py', 'pz'];
const MOMENTA: readonly (readonly Component[])[] = [
  ['px', 'py', 'pz'],
  ['pt', 'eta', 'phi'],
];

/** Names of components as files and people write them, such as `pT`, `part_eta` or `etarel`; undefined for others. */
export function componentOf(name: string): Component | undefined {
  const plain = name.toLowerCase().replace(/^(part|particle|constituent|cst|pfcand|j1p?)_/, '');
  return Object.hasOwn(NAMES, plain) ? NAMES[plain] : undefined;
}

/**
 * Checks a list of components.
 *
 * @throws {JetError} BAD_ARGUMENT for a name that is none, one that is there twice, or numbers that make no four-vector
 */
export function parseComponents(names: readonly string[]): readonly Component[] {
  const components = names.map((name) => {
    const found = componentOf(name.trim());
    if (found !== undefined) return found;
    const near = nearestName(name, Object.keys(NAMES));
    throw new JetError(
      'BAD_ARGUMENT',
      `components: no ${quoted(name)}${near === undefined ? '' : `; nearest is ${near}`}; expected ${EXPECTED}`,
      { component: name },
    );
  });
  const has = (one: Component): boolean => components.includes(one);
  const twice = components.find((one, i) => one !== '_' && components.indexOf(one) !== i);
  const momenta = MOMENTA.filter((three) => three.some(has));
  if (twice !== undefined || momenta.length !== 1 || !momenta[0].every(has) || (has('E') && has('m')))
    throw new JetError(
      'BAD_ARGUMENT',
      `components: got ${names.join(',')}${twice === undefined ? '' : `, ${twice} twice`}; expected ${EXPECTED}`,
      { components: names },
    );
  return components;
}

/** Whether numbers of such components are four-vectors as they are. */
export const isUsual = (components: readonly Component[]): boolean =>
  components.length === USUAL.length && components.every((one, i) => one === USUAL[i]);
