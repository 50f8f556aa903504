/** @file What can be read off the state: the leading tagger, who passes, which jets are selected. */
import { clopperPearson, passing } from '@jetsdk/eval';
import type { ModelCard } from '@jetsdk/jets';
import type { ClassValues } from '@jetsdk/plots';
import type { Scored, Selection, State } from './state.js';
import type { Evaluated } from './work/evaluation.js';

/** A tagger that has scored the jets. */
export interface Tagged extends Scored {
  readonly id: string;
  readonly evaluated: Evaluated | undefined;
  /** jets with at least this score pass */
  readonly cut: number;
}

/** The chosen taggers that have scored, the leading one first; each is cut where it keeps as much signal as that. */
export function tagged({ chosen, scored, evaluation, cut }: State): Tagged[] {
  const ids = chosen.filter((id) => scored[id] !== undefined);
  const lead = ids[0] === undefined ? undefined : evaluation?.taggers[ids[0]];
  return ids.map((id, i) => {
    const evaluated = evaluation?.taggers[id];
    return { ...scored[id], id, evaluated, cut: i === 0 ? cut : sameEfficiency(lead, evaluated, cut) };
  });
}

/** The cut of another tagger where the leading one has a cut. */
export const otherCut =
  (lead: Tagged, other: Tagged) =>
  (cut: number): number =>
    sameEfficiency(lead.evaluated, other.evaluated, cut);

/** The score above which a tagger keeps as many signal jets as the leading one. */
function sameEfficiency(lead: Evaluated | undefined, other: Evaluated | undefined, cut: number): number {
  if (lead === undefined || other === undefined) return cut;
  const kept = passing(lead.cuts.ofSignal, cut);
  const { scores } = other.cuts.ofSignal;
  return kept === 0 ? Math.max(scores[0], other.cuts.ofBackground.scores[0]) + 1e-6 : scores[kept - 1];
}

/** What a cut keeps of each class. */
export interface Kept {
  readonly signal: number;
  readonly background: number;
  readonly signalEfficiency: number;
  readonly backgroundEfficiency: number;
  /** of 1/ε_B, one standard deviation; without a high end where no background passes */
  readonly interval: { readonly low: number; readonly high: number | undefined };
}

export function kept({ evaluated, cut }: Tagged): Kept | undefined {
  if (evaluated === undefined) return undefined;
  const { ofSignal, ofBackground } = evaluated.cuts;
  const signal = passing(ofSignal, cut);
  const background = passing(ofBackground, cut);
  const { low, high } = clopperPearson(background, ofBackground.jets);
  return {
    signal,
    background,
    signalEfficiency: signal / ofSignal.jets,
    backgroundEfficiency: background / ofBackground.jets,
    interval: { low: 1 / high, high: low > 0 ? 1 / low : undefined },
  };
}

/** The classes of a card in two. */
function oneAgainstRest({ classes, signalClass }: ModelCard): readonly [background: string, signal: string] {
  return [classes.filter((name) => name !== signalClass).join(', '), signalClass];
}

/** Names of background and signal. */
export function classNames({ data, chosen, scored, registry }: State): readonly [background: string, signal: string] {
  const card = scored[chosen[0] ?? '']?.loaded.card ?? registry.find(({ id }) => id === chosen[0])?.card;
  const [background, signal] = data?.classes ?? (card && oneAgainstRest(card)) ?? [];
  return [background ?? 'background', signal ?? 'signal'];
}

/** Values of each class, background first; of all jets where there are no labels. */
export function byClass(state: State, values: Float32Array | Float64Array): ClassValues[] {
  const labels = state.data?.labels;
  if (labels === undefined) return [{ name: 'all jets', values }];
  const parts = parted.get(values) ?? [0, 1].map((label) => values.filter((_, jet) => labels[jet] === label));
  parted.set(values, parts);
  return classNames(state).map((name, label) => ({ name, values: parts[label] }));
}

/** Values belong to the jets of one file, and so does how they part. */
const parted = new WeakMap<Float32Array | Float64Array, (Float32Array | Float64Array)[]>();

/** The selected jets by their numbers, in rising order. */
export interface SelectedJets {
  readonly count: number;
  /** the number of the jet in a place */
  jet(place: number): number;
  /** the place of a jet that is selected */
  placeOf(jet: number): number;
}

let last: { readonly key: readonly unknown[]; readonly jets: SelectedJets } | undefined;

export function selected(state: State): SelectedJets {
  const { data, selection } = state;
  const taggers = tagged(state);
  if (data === undefined || selection.kind === 'all' || taggers.length === 0)
    return { count: data?.count ?? 0, jet: (place) => place, placeOf: (jet) => jet };
  const key = [data, selection, ...taggers.flatMap(({ id, scores, cut }) => [id, scores, cut])];
  if (last?.key.length === key.length && key.every((part, i) => part === last!.key[i])) return last.jets;
  const found = new Uint32Array(data.count);
  let count = 0;
  const isSelected = selector(selection, taggers, data.labels);
  for (let jet = 0; jet < data.count; jet++) if (isSelected(jet)) found[count++] = jet;
  const jets = {
    count,
    jet: (place: number) => found[place],
    placeOf: (jet: number) => found.subarray(0, count).indexOf(jet),
  };
  last = { key, jets };
  return jets;
}

/** Whether a jet is selected. */
function selector(
  selection: Exclude<Selection, { kind: 'all' }>,
  [lead, ...others]: readonly Tagged[],
  labels: Uint8Array | undefined,
): (jet: number) => boolean {
  if (lead === undefined) return () => true;
  const { scores, cut } = lead;
  if (selection.kind === 'bin') {
    const { low, high } = selection;
    return (jet) => scores[jet] >= low && (scores[jet] < high || (high === 1 && scores[jet] === 1));
  }
  const { passes, label } = selection;
  if (selection.kind === 'side')
    return (jet) => scores[jet] >= cut === passes && (label === undefined || labels?.[jet] === label);
  const other = others.find(({ id }) => id === selection.other);
  if (other === undefined) return () => false;
  return (jet) =>
    labels?.[jet] === label && scores[jet] >= cut === selection.lead && other.scores[jet] >= other.cut === passes;
}
