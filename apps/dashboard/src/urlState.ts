/** @file The part of the state that fits into the address: what is open, chosen, cut and selected. */
import { JetError } from '@jetsdk/jets';
import { usualRecipe } from './fitting.js';
import { type Selection, type State, VIEWS, ZOOMS } from './state.js';
import { SLIDER_STEPS } from './work/cutSteps.js';
import { linkedAddress } from './work/links.js';

/** The bundled sample in the address; a file of the visitor has no place there. */
export const SAMPLE = 'sample';
/** Background and signal of the sample, which its file does not name. */
export const SAMPLE_CLASSES = ['QCD', 'top'] as const;

/** What an address asks for. */
export interface Wanted
  extends Partial<
    Pick<
      State,
      'view' | 'recipe' | 'chosen' | 'device' | 'cut' | 'rocAxes' | 'efficiency' | 'selection' | 'at' | 'zoom'
    >
  > {
  readonly sample: boolean;
  /** whether to score at once */
  readonly score: boolean;
}

export function writeAddress(state: State): string {
  const address = new URLSearchParams();
  if (state.view !== 'jets') address.set('view', state.view);
  if (state.linked === undefined && state.data?.name.startsWith(`${SAMPLE}.`)) address.set('data', SAMPLE);
  if (state.recipe !== usualRecipe(state)) address.set('recipe', state.recipe);
  const named = state.chosen.filter((id) =>
    state.registry.some((model) => model.id === id && model.facts === undefined),
  );
  if (named.length > 0) address.set('taggers', named.join(','));
  if (state.device !== 'wasm') address.set('device', state.device);
  if (named.some((id) => state.scored[id] !== undefined)) address.set('scored', '1');
  if (state.cut !== 0.5) address.set('cut', String(state.cut));
  if (state.rocAxes !== 'landscape') address.set('roc', state.rocAxes);
  if (state.efficiency !== 0.8) address.set('es', String(state.efficiency));
  for (const [key, value] of writeSelection(state.selection, named)) address.set(key, value);
  if (state.at > 0) address.set('jet', String(state.at));
  if (state.zoom !== 1) address.set('zoom', String(state.zoom));
  const text = address.toString().replaceAll('%2C', ',');
  return text === '' ? '' : `#${text}`;
}

export function readAddress(hash: string): Wanted {
  const address = new URLSearchParams(hash.replace(/^#/, ''));
  const text = (key: string): string | undefined => address.get(key) ?? undefined;
  const number = (key: string): number | undefined => {
    const value = Number(address.get(key) ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const cut = number('cut');
  const at = number('jet');
  const recipe = text('recipe');
  const efficiency = number('es');
  const zoom = ZOOMS.find((factor) => factor === number('zoom'));
  const selection = binOf(text('bin')) ?? sideOf(text('side')) ?? verdictOf(text('verdict'));
  return {
    sample: text('data') === SAMPLE,
    score: address.has('scored'),
    view: VIEWS.find((view) => view === text('view')) ?? 'jets',
    ...(recipe !== undefined && { recipe }),
    chosen: text('taggers')?.split(',') ?? [],
    device: text('device') === 'webgpu' ? 'webgpu' : 'wasm',
    ...(cut !== undefined && { cut: Math.round(Math.min(1, Math.max(0, cut)) * SLIDER_STEPS) / SLIDER_STEPS }),
    rocAxes: text('roc') === 'classic' ? 'classic' : 'landscape',
    ...(efficiency !== undefined && efficiency > 0 && efficiency <= 1 && { efficiency }),
    ...(selection !== undefined && { selection }),
    ...(zoom !== undefined && { zoom }),
    ...(at !== undefined && at >= 0 && { at: Math.floor(at) }),
  };
}

/** Jets that are fetched of a linked file where the address does not say. */
const FEW_JETS = 2000;
const MANY_JETS = 100_000;

/** What an address asks for behind `?`. */
export interface Links {
  readonly models: readonly string[];
  readonly data: { readonly address: string; readonly most: number } | undefined;
}

/** @throws {JetError} BAD_ARGUMENT */
export function readLinks(search: string, page: string): Links {
  const address = new URLSearchParams(search);
  const models = address.getAll('model').map((text) => linkedAddress(text, page));
  const data = address.get('data');
  const most = Math.floor(Number(address.get('jets') ?? FEW_JETS));
  if (!(most >= 1 && most <= MANY_JETS))
    throw new JetError(
      'BAD_ARGUMENT',
      `jets=${address.get('jets')} in the address of the page; expected 1 to ${MANY_JETS}; change it`,
      { jets: most },
    );
  return { models, data: data === null ? undefined : { address: linkedAddress(data, page), most } };
}

export function writeLinks({ linked, registry }: State): string {
  const address = new URLSearchParams();
  for (const { own } of registry) if (typeof own === 'string') address.append('model', own);
  if (linked !== undefined) address.set('data', linked.address);
  if (linked !== undefined && linked.most !== FEW_JETS) address.set('jets', String(linked.most));
  const text = address.toString();
  return text === '' ? '' : `?${text}`;
}

/** @param named taggers that somebody else has, too */
function writeSelection(selection: Selection, named: readonly string[]): [key: string, value: string][] {
  const word = (passes: boolean): string => (passes ? 'passes' : 'fails');
  if (selection.kind === 'bin') return [['bin', `${selection.low},${selection.high}`]];
  if (selection.kind === 'side') return [['side', [word(selection.passes), selection.label ?? []].flat().join()]];
  if (selection.kind === 'all' || !named.includes(selection.other)) return [];
  const { lead, passes, label, other } = selection;
  return [['verdict', [word(lead), word(passes), label, other].join()]];
}

const WORDS: Readonly<Record<string, boolean>> = { passes: true, fails: false };
const LABELS: Readonly<Record<string, 0 | 1>> = { 0: 0, 1: 1 };

function sideOf(text: string | undefined): Selection | undefined {
  const [word = '', label = ''] = (text ?? '').split(',');
  const passes = WORDS[word];
  return passes === undefined ? undefined : { kind: 'side', passes, label: LABELS[label] };
}

function verdictOf(text: string | undefined): Selection | undefined {
  const [ofLead = '', ofOther = '', ofLabel = '', other] = (text ?? '').split(',');
  const [lead, passes, label] = [WORDS[ofLead], WORDS[ofOther], LABELS[ofLabel]];
  if (lead === undefined || passes === undefined || label === undefined || other === undefined) return undefined;
  return { kind: 'verdict', other, lead, passes, label };
}

function binOf(text: string | undefined): Selection | undefined {
  const [low, high, ...rest] = (text ?? '').split(',').map(Number);
  if (rest.length > 0 || !(low! >= 0 && low! < high! && high! <= 1)) return undefined;
  return { kind: 'bin', low: low!, high: high! };
}
