/** @file How the columns of a table become four-vectors and labels: a layout, by name or as JSON. */
import { JetError } from '../../errors.js';
import {
  type Check,
  flag,
  listOf,
  name,
  object,
  oneOf,
  optional,
  type Place,
  placeOf,
  refuse,
  suchThat,
  whole,
} from '../../json.js';
import { nearestName } from '../../nearestName.js';
import { shortText } from '../../quoted.js';
import { MAX_CLASSES } from '../../source/perJet.js';
import type { LabelChoice, LayoutColumns, LayoutEvents, LayoutJson } from './layoutJson.js';
import { NAMED_LAYOUTS } from './layouts.js';

/** A checked layout. */
export interface Layout {
  readonly name: string;
  readonly tree?: string;
  readonly constituents: number;
  readonly unit: 'GeV' | 'MeV';
  readonly columns: LayoutColumns;
  readonly events?: LayoutEvents;
  readonly etaRelMirrored: boolean;
  readonly labels?: LayoutLabels;
}

/** How a checked layout finds the labels. */
export interface LayoutLabels {
  /** the column of whole numbers, or undefined for a column a class */
  readonly column?: string;
  /** by the number of the class, its columns, or values of `column` */
  readonly choices: readonly (readonly (string | number)[])[];
  /** names, one for each of `choices` */
  readonly classes: readonly string[];
  readonly others: 'refuse' | 'leave-out';
  /** the user asked for them: a file without these columns is refused */
  readonly required: boolean;
}

/** Names of the layouts that are built in. */
export const layoutNames: readonly string[] = Object.keys(NAMED_LAYOUTS);

const CARTESIAN = ['px', 'py', 'pz'] as const;
const RELATIVE = [
  ['pt', 'ptRel', 'jetPt'],
  ['eta', 'etaRel', 'jetEta'],
  ['phi', 'phiRel', 'jetPhi'],
] as const;
const DEFAULT_CONSTITUENTS = 200;
const MAX_CONSTITUENTS = 10_000;

const column = optional(name);
const columns: Check<LayoutColumns> = object({
  ...{ px: column, py: column, pz: column },
  ...{ pt: column, ptRel: column, jetPt: column },
  ...{ eta: column, etaRel: column, jetEta: column },
  ...{ phi: column, phiRel: column, jetPhi: column },
  ...{ E: column, mass: column, weight: column, charge: column },
  ...{ vertex: column, leading: column, valid: column },
});

const events: Check<LayoutEvents> = object({ jets: name, candidates: name, jetIndex: name, candidateIndex: name });

const label: Check<string | number> = (value, at) => (typeof value === 'number' ? value : name(value, at));
const choice: Check<LabelChoice> = (value, at) =>
  Array.isArray(value)
    ? suchThat(listOf(label), 'at least one class', ({ length }) => length > 0)(value, at)
    : label(value, at);

const layoutJson: Check<LayoutJson> = object({
  extends: optional(name),
  tree: optional(name),
  constituents: optional(whole(1, MAX_CONSTITUENTS)),
  unit: optional(oneOf('GeV', 'MeV')),
  columns: optional(columns),
  events: optional(events),
  etaRelMirrored: optional(flag),
  labelColumn: optional(name),
  labelNames: optional(listOf(name)),
  background: optional(choice),
  signal: optional(choice),
  labels: optional(listOf(choice, 2, MAX_CLASSES)),
  classes: optional(listOf(name)),
  others: optional(oneOf('refuse', 'leave-out')),
});

const AT: Place = { where: 'layout', code: 'BAD_ARGUMENT' };

/**
 * Checks a layout.
 *
 * @param layout the name of a built-in one, or JSON
 * @throws {JetError} BAD_ARGUMENT for an unknown name or key, or columns that do not make a four-vector
 */
export function parseLayout(layout: string | LayoutJson): Layout {
  if (typeof layout === 'string') return resolve(namedLayout(layout), layout, false);
  const { extends: base, ...own } = layoutJson(layout, AT);
  if (base === undefined) return resolve(own, 'layout', true);
  const { classes, background, signal, labels, ...rest } = namedLayout(base);
  const byTwo = 'background' in own || 'signal' in own;
  const changed = byTwo || 'labels' in own || 'labelColumn' in own;
  return resolve(
    {
      ...rest,
      ...(!('labels' in own) && background !== undefined && { background }),
      ...(!('labels' in own) && signal !== undefined && { signal }),
      ...(!byTwo && labels && { labels }),
      // names of the classes of the base do not fit other classes
      ...(!changed && classes && { classes }),
      ...own,
    },
    base,
    changed,
  );
}

function namedLayout(layout: string): LayoutJson {
  if (Object.hasOwn(NAMED_LAYOUTS, layout)) return NAMED_LAYOUTS[layout];
  throw new JetError(
    'BAD_ARGUMENT',
    `layout: no layout ${shortText(layout)}; expected ${layoutNames.join(', ')}, or a mapping in JSON`,
    { layout, layouts: layoutNames },
  );
}

function resolve(json: LayoutJson, layout: string, required: boolean): Layout {
  const { tree, constituents = DEFAULT_CONSTITUENTS, unit = 'GeV', etaRelMirrored = false } = json;
  const chosen = checkColumns(json.columns);
  if (etaRelMirrored && chosen.etaRel === undefined)
    refuse(placeOf(AT, 'etaRelMirrored'), etaRelMirrored, 'it beside a column etaRel only');
  const labels = checkLabels(json, required);
  return {
    name: layout,
    ...(tree === undefined ? {} : { tree }),
    constituents,
    unit,
    columns: chosen,
    ...(json.events ? { events: json.events } : {}),
    etaRelMirrored,
    ...(labels ? { labels } : {}),
  };
}

function checkColumns(given: LayoutColumns | undefined): LayoutColumns {
  const wrong = (expected: string): never => refuse(placeOf(AT, 'columns'), given, expected);
  if (given === undefined) return wrong('an object with the columns px, py, pz, or pt, eta, phi');
  const has = (key: string): boolean => Object.hasOwn(given, key);
  if (CARTESIAN.some(has)) {
    if (!CARTESIAN.every(has)) wrong('px, py and pz together');
    if (RELATIVE.flat().some(has)) wrong('px, py, pz, or pt, eta, phi, not both');
  } else
    for (const [own, relative, jet] of RELATIVE) {
      if (has(own) === has(relative)) wrong(`px, py, pz, or one of ${own} and ${relative}`);
      if (has(relative) !== has(jet)) wrong(`${relative} and ${jet} together`);
    }
  if (has('E') && has('mass')) wrong('one of E and mass');
  if (has('vertex') && has('leading')) wrong('one of vertex and leading');
  return given;
}

function checkLabels(json: LayoutJson, required: boolean): LayoutLabels | undefined {
  const { labelColumn, labelNames = [], background, signal, labels, others = 'refuse' } = json;
  if ([background, signal, labels, labelColumn].every((one) => one === undefined)) return undefined;
  if (labelColumn === undefined && labelNames.length > 0)
    refuse(placeOf(AT, 'labelNames'), labelNames, 'labelColumn beside it');
  const choose = (chosen: LabelChoice, key: string): (string | number)[] =>
    listed(chosen).map((one) =>
      labelColumn === undefined
        ? name(one, placeOf(AT, key))
        : labelValue(one, placeOf(AT, key), labelColumn, labelNames),
    );
  const chosen = chosenClasses(json);
  const choices = chosen.map(([key, one]) => choose(one, key));
  for (const [i, [key]] of chosen.entries()) {
    const before = choices.slice(0, i).flat();
    const twice = choices[i].find((one) => before.includes(one));
    if (twice !== undefined)
      refuse(placeOf(AT, key), twice, `classes that are not ${labels ? 'another class' : 'background'} as well`);
  }
  return {
    ...(labelColumn === undefined ? {} : { column: labelColumn }),
    choices,
    classes: classNames(json),
    others,
    required,
  };
}

const listed = (chosen: LabelChoice): readonly (string | number)[] => (typeof chosen === 'object' ? chosen : [chosen]);

/** The classes in the order of their numbers, with the keys that tell them. */
function chosenClasses({ background, signal, labels }: LayoutJson): (readonly [key: string, LabelChoice])[] {
  if (labels !== undefined) {
    if (background !== undefined || signal !== undefined)
      refuse(placeOf(AT, 'labels'), labels, 'either it, or background and signal');
    return labels.map((choice, i) => [`labels[${i}]`, choice]);
  }
  if (background === undefined || signal === undefined)
    return refuse(
      placeOf(AT, background === undefined ? 'background' : 'signal'),
      undefined,
      'the classes of both, background and signal',
    );
  return [
    ['background', background],
    ['signal', signal],
  ];
}

function labelValue(one: string | number, at: Place, labelColumn: string, names: readonly string[]): number {
  const value = typeof one === 'string' ? names.indexOf(one) : one;
  if (Number.isSafeInteger(value) && value !== -1) return value;
  if (typeof one === 'number') return refuse(at, one, `a whole number that ${labelColumn} takes`);
  const near = nearestName(one, names);
  return refuse(
    at,
    one,
    near === undefined ? `a value of ${labelColumn}` : `a class of ${labelColumn}, such as ${shortText(near)}`,
  );
}

function classNames(json: LayoutJson): readonly string[] {
  const { classes, labels } = json;
  const chosen = chosenClasses(json);
  if (classes !== undefined && classes.length !== chosen.length)
    refuse(
      placeOf(AT, 'classes'),
      classes,
      labels ? `${labels.length} names, one for each of labels` : '[background, signal]',
    );
  return (
    classes ??
    chosen.map(([key, choice]) => {
      const [only, ...more] = listed(choice);
      return more.length === 0 && typeof only === 'string' ? only.replace(/^label_/, '') : key;
    })
  );
}
