/** @file How the columns of a table become four-vectors and labels: a layout, by name or as JSON. */
import { JetError } from '../../errors.js';
import { NAMED_LAYOUTS } from './layouts.js';
import { nearestName } from './nearestName.js';

/**
 * Columns of the constituents (lists of numbers) and of their jets (numbers).
 *
 * Either `px`, `py`, `pz`, or a transverse momentum, a pseudorapidity and an azimuth. Each of these is given itself
 * (`pt`, `eta`, `phi`) or relative to the jet: pT = `ptRel` · `jetPt`, η = `jetEta` + `etaRel`, φ = `jetPhi` + `phiRel`.
 * The energy is `E`; without it, it follows from `mass`; without both, constituents are massless.
 */
export interface LayoutColumns {
  readonly px?: string;
  readonly py?: string;
  readonly pz?: string;
  readonly pt?: string;
  readonly eta?: string;
  readonly phi?: string;
  readonly ptRel?: string;
  readonly etaRel?: string;
  readonly phiRel?: string;
  readonly jetPt?: string;
  readonly jetEta?: string;
  readonly jetPhi?: string;
  readonly E?: string;
  readonly mass?: string;
  /** electric charge in units of e; read where the file has it */
  readonly charge?: string;
}

/** A layout as a user writes it. */
export interface LayoutJson {
  /** the named layout that this one changes */
  readonly extends?: string;
  /** path of the tree in a ROOT file; without it, the only tree with these columns */
  readonly tree?: string;
  /** constituents of a jet that are kept, leading in pT; jets with fewer are padded with zeros */
  readonly constituents?: number;
  /** of momenta, energies and masses in the file */
  readonly unit?: 'GeV' | 'MeV';
  readonly columns?: LayoutColumns;
  /** `etaRel` has been multiplied by the sign of `jetEta` (−1 where that is 0 or less) */
  readonly etaRelMirrored?: boolean;
  /** column of whole numbers that tell the class; without it, every class has a column of 0 and 1 */
  readonly labelColumn?: string;
  /** name of each value of `labelColumn`, from 0 on */
  readonly labelNames?: readonly string[];
  /** classes that are background: names of columns, or names or values of `labelColumn` */
  readonly background?: LabelChoice;
  /** classes that are signal */
  readonly signal?: LabelChoice;
  /** [background, signal], for people */
  readonly classes?: readonly [background: string, signal: string];
  /** jets that are neither: an error when the labels are read, or left out of the source */
  readonly others?: 'refuse' | 'leave-out';
}

export type LabelChoice = string | number | readonly (string | number)[];

/** A checked layout. */
export interface Layout {
  readonly name: string;
  readonly tree?: string;
  readonly constituents: number;
  readonly unit: 'GeV' | 'MeV';
  readonly columns: LayoutColumns;
  readonly etaRelMirrored: boolean;
  readonly labels?: LayoutLabels;
}

/** How a checked layout finds the labels. */
export interface LayoutLabels {
  /** the column of whole numbers, or undefined for a column a class */
  readonly column?: string;
  /** columns, or values of `column` */
  readonly background: readonly (string | number)[];
  readonly signal: readonly (string | number)[];
  readonly classes: readonly [background: string, signal: string];
  readonly others: 'refuse' | 'leave-out';
  /** the user asked for them: a file without these columns is refused */
  readonly required: boolean;
}

/** Names of the layouts that are built in. */
export const layoutNames: readonly string[] = Object.keys(NAMED_LAYOUTS);

const KEYS = [
  ...['extends', 'tree', 'constituents', 'unit', 'columns', 'etaRelMirrored', 'labelColumn', 'labelNames'],
  ...['background', 'signal', 'classes', 'others'],
];
const CARTESIAN = ['px', 'py', 'pz'];
const RELATIVE = [
  ['pt', 'ptRel', 'jetPt'],
  ['eta', 'etaRel', 'jetEta'],
  ['phi', 'phiRel', 'jetPhi'],
] as const;
const COLUMN_KEYS = [...CARTESIAN, ...RELATIVE.flat(), 'E', 'mass', 'charge'];
const DEFAULT_CONSTITUENTS = 200;
const MAX_CONSTITUENTS = 10_000;

/**
 * Checks a layout.
 *
 * @param layout the name of a built-in one, or JSON
 * @throws {JetError} BAD_ARGUMENT for an unknown name or key, or columns that do not make a four-vector
 */
export function parseLayout(layout: string | LayoutJson): Layout {
  if (typeof layout === 'string') return resolve(namedLayout(layout), layout, false);
  if (typeof layout !== 'object' || layout === null || Array.isArray(layout))
    throw wrong('a layout', layout, `an object or one of ${layoutNames.join(', ')}`);
  checkKeys(layout, KEYS, 'key');
  const { extends: base, ...own } = layout;
  if (base === undefined) return resolve(own, 'layout', true);
  const changed = 'background' in own || 'signal' in own || 'labelColumn' in own;
  // Names of the classes of the base do not fit other classes.
  const { classes: _, ...parent } = namedLayout(text(base, 'extends'));
  return resolve({ ...(changed ? parent : namedLayout(base)), ...own }, base, changed);
}

function namedLayout(name: string): LayoutJson {
  if (Object.hasOwn(NAMED_LAYOUTS, name)) return NAMED_LAYOUTS[name];
  throw new JetError(
    'BAD_ARGUMENT',
    `layout: no layout ${name}; expected ${layoutNames.join(', ')}, or a mapping in JSON`,
    { layout: name, layouts: layoutNames },
  );
}

function resolve(json: LayoutJson, name: string, required: boolean): Layout {
  const { tree, constituents = DEFAULT_CONSTITUENTS, unit = 'GeV', etaRelMirrored = false } = json;
  if (!Number.isInteger(constituents) || constituents < 1 || constituents > MAX_CONSTITUENTS)
    throw wrong('constituents', constituents, `a whole number from 1 to ${MAX_CONSTITUENTS}`);
  if (unit !== 'GeV' && unit !== 'MeV') throw wrong('unit', unit, 'GeV or MeV');
  if (typeof etaRelMirrored !== 'boolean') throw wrong('etaRelMirrored', etaRelMirrored, 'true or false');
  const columns = checkColumns(json.columns);
  if (etaRelMirrored && columns.etaRel === undefined)
    throw wrong('etaRelMirrored', etaRelMirrored, 'it beside a column etaRel only');
  const labels = checkLabels(json, required);
  return {
    name,
    ...(tree === undefined ? {} : { tree: text(tree, 'tree') }),
    constituents,
    unit,
    columns,
    etaRelMirrored,
    ...(labels ? { labels } : {}),
  };
}

function checkColumns(columns: LayoutColumns | undefined): LayoutColumns {
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns))
    throw wrong('columns', columns, 'an object with the columns px, py, pz, or pt, eta, phi');
  checkKeys(columns, COLUMN_KEYS, 'column');
  for (const [key, column] of Object.entries(columns)) text(column, `columns.${key}`);
  const has = (key: string): boolean => Object.hasOwn(columns, key);
  const given = Object.keys(columns).join(', ');
  if (CARTESIAN.some(has)) {
    if (!CARTESIAN.every(has)) throw wrong('columns', given, 'px, py and pz together');
    if (RELATIVE.flat().some(has)) throw wrong('columns', given, 'px, py, pz, or pt, eta, phi, not both');
  } else
    for (const [own, relative, jet] of RELATIVE) {
      if (has(own) === has(relative)) throw wrong('columns', given, `px, py, pz, or one of ${own} and ${relative}`);
      if (has(relative) !== has(jet)) throw wrong('columns', given, `${relative} and ${jet} together`);
    }
  if (has('E') && has('mass')) throw wrong('columns', given, 'one of E and mass');
  return columns;
}

function checkLabels(json: LayoutJson, required: boolean): LayoutLabels | undefined {
  const { labelColumn, labelNames = [], background, signal, others = 'refuse' } = json;
  if (background === undefined && signal === undefined && labelColumn === undefined) return undefined;
  if (background === undefined || signal === undefined)
    throw wrong(
      'labels',
      background === undefined ? 'no background' : 'no signal',
      'the classes of both, background and signal',
    );
  if (others !== 'refuse' && others !== 'leave-out') throw wrong('others', others, 'refuse or leave-out');
  if (!Array.isArray(labelNames) || labelNames.some((name) => typeof name !== 'string'))
    throw wrong('labelNames', labelNames, 'a list of names');
  if (labelColumn === undefined && labelNames.length > 0)
    throw wrong('labelNames', `${labelNames.length} names`, 'labelColumn beside it');
  const choose = (choice: LabelChoice, key: string): (string | number)[] => {
    const all = typeof choice === 'object' ? choice : [choice];
    if (!Array.isArray(all) || all.length === 0) throw wrong(key, choice, 'at least one class');
    return all.map((one) =>
      labelColumn === undefined ? text(one, key) : labelValue(one, key, labelColumn, labelNames),
    );
  };
  const chosen = { background: choose(background, 'background'), signal: choose(signal, 'signal') };
  const both = chosen.signal.find((one) => chosen.background.includes(one));
  if (both !== undefined) throw wrong('signal', both, 'classes that are not background as well');
  return {
    ...(labelColumn === undefined ? {} : { column: text(labelColumn, 'labelColumn') }),
    ...chosen,
    classes: classNames(json),
    others,
    required,
  };
}

function labelValue(one: unknown, key: string, column: string, names: readonly string[]): number {
  const value = typeof one === 'string' ? names.indexOf(one) : one;
  if (Number.isSafeInteger(value) && value !== -1) return value as number;
  if (typeof one === 'string') {
    const near = nearestName(one, names);
    throw wrong(key, one, near === undefined ? `a value of ${column}` : `a class of ${column}, such as ${near}`);
  }
  throw wrong(key, one, `a whole number that ${column} takes`);
}

function classNames({ classes, background, signal }: LayoutJson): readonly [string, string] {
  if (classes !== undefined) {
    if (!Array.isArray(classes) || classes.length !== 2) throw wrong('classes', classes, '[background, signal]');
    return [text(classes[0], 'classes'), text(classes[1], 'classes')];
  }
  const nameOf = (choice: LabelChoice | undefined, many: string): string => {
    const all = typeof choice === 'object' ? choice : [choice];
    return all.length === 1 && typeof all[0] === 'string' ? all[0].replace(/^label_/, '') : many;
  };
  return [nameOf(background, 'background'), nameOf(signal, 'signal')];
}

function checkKeys(object: object, keys: readonly string[], what: string): void {
  for (const key of Object.keys(object))
    if (!keys.includes(key))
      throw new JetError(
        'BAD_ARGUMENT',
        `layout: unknown ${what} ${key}; did you mean ${nearestName(key, keys)}? Expected ${keys.join(', ')}`,
        { key, keys },
      );
}

function text(value: unknown, key: string): string {
  if (typeof value !== 'string' || value === '') throw wrong(key, value, 'a name');
  return value;
}

function wrong(key: string, value: unknown, expected: string): JetError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return new JetError('BAD_ARGUMENT', `layout: ${key}, got ${shown ?? 'nothing'}; expected ${expected}`, {
    key,
    value,
  });
}
