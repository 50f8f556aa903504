/** @file The state of the page, in one place. */

import type { ModelHints } from '@jetsdk/infer';
import type { ModelCard } from '@jetsdk/jets';
import { useEffect, useState } from 'preact/hooks';
import type { Evaluation } from './work/evaluation.js';
import type { DataInfo, Survey } from './work/jetFile.js';
import type { ModelFacts } from './work/modelFile.js';
import type { Ranked } from './work/rank.worker.js';
import type { BrowserDevice, Loaded } from './work/taggers.js';

/** A tagger that can be chosen: of the site's registry, or a file of the visitor. */
export interface Model {
  readonly id: string;
  readonly bytes: number;
  readonly card: ModelCard | undefined;
  /** a file of the visitor, or the address of one */
  readonly own?: File | string;
  /** of a file of the visitor */
  readonly facts?: ModelFacts;
  /** what the visitor says of a model without a card */
  readonly hints: ModelHints;
}

/** What a tagger said of all jets. */
export interface Scored {
  readonly scores: Float32Array;
  readonly seconds: number;
  readonly loaded: Loaded;
  /** what is odd about these jets, and what they have to do with its training, where they took part in it or may have */
  readonly warnings: readonly string[];
}

/** Which jets are looked at. */
export type Selection =
  | { readonly kind: 'all' }
  /** scores of the leading tagger in [low, high), the last bin with its end */
  | { readonly kind: 'bin'; readonly low: number; readonly high: number }
  /** on which side of the cut of the leading tagger, and of one class where there are labels */
  | { readonly kind: 'side'; readonly passes: boolean; readonly label: 0 | 1 | undefined }
  /** on which side of the cut each of two taggers puts them, and their label */
  | {
      readonly kind: 'verdict';
      readonly other: string;
      readonly lead: boolean;
      readonly passes: boolean;
      readonly label: 0 | 1;
    };

/** How many times larger the middle of a single jet is shown. */
export const ZOOMS = [1, 2, 4] as const;

/** Work that takes a while. */
export interface Job {
  readonly what: string;
  readonly done: number;
  readonly total: number | undefined;
  /** what is counted; undefined: steps */
  readonly unit: 'bytes' | 'jets' | undefined;
  readonly started: number;
  readonly cancel: () => void;
}

/** What of the site works without a network. */
export type Offline =
  /** `scores`: the sample and files that need no more, with the taggers kept */
  | { readonly kind: 'partly'; readonly missing: number; readonly scores: boolean; readonly problem?: string }
  | { readonly kind: 'keeping'; readonly done: number; readonly total: number; readonly stop: () => void }
  | { readonly kind: 'wholly' };

/** Something that went wrong, and where it is shown. */
export interface Failure {
  readonly where: 'data' | 'taggers' | 'leaderboard';
  readonly code: string | undefined;
  readonly message: string;
}

export const VIEWS = ['jets', 'pile-up', 'generate', 'leaderboard'] as const;

export type View = (typeof VIEWS)[number];

export interface State {
  readonly view: View;
  readonly registry: readonly Model[];
  readonly data: DataInfo | undefined;
  /** where the jets come from, if that is another server */
  readonly linked: { readonly address: string; readonly most: number } | undefined;
  /** of the images shown */
  readonly recipe: string;
  readonly survey: Survey | undefined;
  /** ids of models in the order they were chosen; the first leads */
  readonly chosen: readonly string[];
  readonly device: BrowserDevice;
  /** why there is no WebGPU; undefined where there is, or while that is not known */
  readonly noWebgpu: string | undefined;
  readonly scored: Readonly<Record<string, Scored>>;
  /** why taggers did not score, by id */
  readonly failed: Readonly<Record<string, string>>;
  readonly evaluation: Evaluation | undefined;
  /** on the score of the leading tagger */
  readonly cut: number;
  readonly rocAxes: 'landscape' | 'classic';
  /** ε_S that the visitor wants the rejection at, besides the usual ones */
  readonly efficiency: number;
  readonly selection: Selection;
  /** position in the selection */
  readonly at: number;
  readonly zoom: (typeof ZOOMS)[number];
  readonly ranked: Ranked | undefined;
  readonly job: Job | undefined;
  readonly failure: Failure | undefined;
  /** undefined where the page cannot be kept, or while that is not known */
  readonly offline: Offline | undefined;
}

let state: State = {
  view: 'jets',
  registry: [],
  data: undefined,
  linked: undefined,
  recipe: 'iml-40',
  survey: undefined,
  chosen: [],
  device: 'wasm',
  noWebgpu: undefined,
  scored: {},
  failed: {},
  evaluation: undefined,
  cut: 0.5,
  rocAxes: 'landscape',
  efficiency: 0.8,
  selection: { kind: 'all' },
  at: 0,
  zoom: 1,
  ranked: undefined,
  job: undefined,
  failure: undefined,
  offline: undefined,
};

const listeners = new Set<() => void>();

export const current = (): State => state;

export function update(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

/** Calls back after each change, at once for all changes of one turn. */
export function onChange(callback: () => void): () => void {
  let waiting = false;
  const listener = (): void => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      callback();
    });
  };
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The state, for a component that is drawn again when it changes. */
export function usePage(): State {
  const [, draw] = useState(0);
  useEffect(() => onChange(() => draw((count) => count + 1)), []);
  return state;
}
