/** @file What a visitor can do. */
import type { ModelHints } from '@jetsdk/infer';
import { isJetError, JetError, knowsFiles, type ModelCard, partOfFile, partSentence } from '@jetsdk/jets';
import { obstacle, usualRecipe } from './fitting.js';
import { lookOffline } from './offline.js';
import { siteFile } from './siteFile.js';
import { current, type Failure, type Job, type Model, type State, update } from './state.js';
import { type Links, readAddress, readLinks, SAMPLE, SAMPLE_CLASSES } from './urlState.js';
import type { Bench } from './work/bench.worker.js';
import type { Dropped } from './work/dropped.js';
import type { JetsFrom } from './work/jetFile.js';
import { fileName } from './work/links.js';
import type { Ranker } from './work/rank.worker.js';
import { type CallOptions, connect, type Remote } from './work/rpc.js';
import type { BrowserDevice } from './work/taggers.js';

let bench: Promise<Remote<Bench>> | undefined;

/** What the jets that are looked at were opened from. */
let jetsFrom: JetsFrom | undefined;

/** The worker, started when there is something to do, with the jets that are looked at. */
function worker(): Promise<Remote<Bench>> {
  bench ??= startWorker().catch((error: unknown) => {
    bench = undefined;
    throw error;
  });
  return bench;
}

async function startWorker(): Promise<Remote<Bench>> {
  const started = connect<Bench>(new Worker(new URL('./work/bench.worker.ts', import.meta.url), { type: 'module' }));
  if (jetsFrom !== undefined) await started.call('open', jetsFrom);
  return started;
}

/** A worker that does not answer for so long after it was told to stop is ended: some models never come to an end. */
const STUCK_MS = 3000;

function endWorker(): void {
  void bench?.then((stuck) => stuck.end());
  bench = undefined;
}

/** Done when nothing is being done. */
let idle: Promise<void> = Promise.resolve();

/** Runs work after what is being done, with its progress and a way to stop it; what goes wrong is shown where it belongs. */
function run(
  where: Failure['where'],
  work: (step: (what: string, unit?: Job['unit']) => CallOptions) => Promise<void>,
  stop?: () => void,
): Promise<void> {
  idle = idle.then(() => runNow(where, work, stop));
  return idle;
}

async function runNow(
  where: Failure['where'],
  work: (step: (what: string, unit?: Job['unit']) => CallOptions) => Promise<void>,
  stop?: () => void,
): Promise<void> {
  const abort = new AbortController();
  let stuck: number | undefined;
  const cancel = (): void => {
    abort.abort();
    stop?.();
    stuck ??= window.setTimeout(endWorker, STUCK_MS);
  };
  const step = (what: string, unit?: Job['unit']): CallOptions => {
    const job: Job = { what, done: 0, total: undefined, unit, started: performance.now(), cancel };
    update({ job });
    return { signal: abort.signal, onProgress: ({ done, total }) => update({ job: { ...job, done, total } }) };
  };
  update({ failure: undefined });
  try {
    await work(step);
  } catch (error) {
    show(where, error);
  } finally {
    clearTimeout(stuck);
    update({ job: undefined });
    void lookOffline();
  }
}

function show(where: Failure['where'], error: unknown): void {
  const code = isJetError(error) ? error.code : undefined;
  const message = messageOf(error);
  if (code !== 'CANCELLED') update({ failure: { where, code, message } });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads the registry, finds out about WebGPU, and does what the address asks for. */
export async function start(): Promise<void> {
  const { sample, score, ...wanted } = readAddress(location.hash);
  const [registry, noWebgpu] = await Promise.all([readRegistry(), webgpuObstacle()]);
  const links = linksOf(location.search);
  const known = wanted.chosen?.filter((id) => registry.some((model) => model.id === id)) ?? [];
  const chosen = known.length > 0 || links.models.length > 0 ? known : firstChoice(registry);
  const device = noWebgpu === undefined ? (wanted.device ?? 'wasm') : 'wasm';
  update({ ...wanted, registry, noWebgpu, chosen, device });
  const { cut, selection, at } = current();
  const keep = { cut, selection, at, ...(wanted.recipe !== undefined && { recipe: wanted.recipe }) };
  if (links.models.length > 0) await addModels(links.models);
  if (links.data !== undefined) await openJets(links.data, keep);
  else if (sample) await openSample(keep);
  if (current().data !== undefined && (score || links.models.length > 0)) await scoreJets(keep);
}

function linksOf(search: string): Links {
  try {
    return readLinks(search, document.baseURI);
  } catch (error) {
    show('data', error);
    return { models: [], data: undefined };
  }
}

const LIGHT_BYTES = 1e6;

/** The best of the light taggers, for a first look that does not take a minute; the registry has the best first. */
function firstChoice(registry: readonly Model[]): string[] {
  const first = registry.find(({ bytes }) => bytes <= LIGHT_BYTES) ?? registry[0];
  return first === undefined ? [] : [first.id];
}

async function readRegistry(): Promise<Model[]> {
  try {
    const listed = (await (await fetch(siteFile('models/index.json'))).json()) as Omit<Model, 'hints'>[];
    return listed.map((model) => ({ ...model, hints: {} }));
  } catch (cause) {
    const message =
      'models/index.json: the registry cannot be read; expected the site to answer; drop a model, or reload';
    show('data', new JetError('REMOTE', message, {}, { cause }));
    return [];
  }
}

/** Of WebGPU, what tells whether there is a graphics card. */
interface Gpu {
  requestAdapter(): Promise<object | null>;
}

async function webgpuObstacle(): Promise<string | undefined> {
  if (!('gpu' in navigator)) return 'This browser, or a page that is not served over https, has no WebGPU.';
  const adapter = await (navigator.gpu as Gpu).requestAdapter();
  return adapter === null ? 'WebGPU finds no graphics adapter.' : undefined;
}

export const openSample = (keep: Partial<State> = {}): Promise<void> =>
  openJets({ site: siteFile(`${SAMPLE}.npz`) }, keep, SAMPLE_CLASSES);

/**
 * Opens jets and goes through them once.
 *
 * @param keep what the page goes on with, of that which otherwise starts anew
 * @param classes background and signal of a file that does not name them
 */
export function openJets(
  from: JetsFrom,
  keep: Partial<State> = {},
  classes?: readonly [string, string],
): Promise<void> {
  current().job?.cancel();
  return run('data', async (step) => {
    const linked = 'address' in from ? from : undefined;
    const doing = linked === undefined ? step('Opening the jets', 'bytes') : step('Fetching jets', 'jets');
    const opened = await (await worker()).call('open', from, doing);
    jetsFrom = from;
    const data = { ...opened, classes: opened.classes ?? classes };
    const afresh = { cut: 0.5, selection: { kind: 'all' }, at: 0 } as const;
    update({ data, linked, survey: undefined, scored: {}, failed: {}, evaluation: undefined, ...afresh, ...keep });
    chooseFitting();
    update({ recipe: keep.recipe ?? usualRecipe(current()) });
    await survey(step);
  });
}

/** Where none of the chosen taggers can score the jets, the first choice of those that can. */
function chooseFitting(): void {
  const { registry, chosen, data } = current();
  const fitting = registry.filter((model) => obstacle(model, data!) === undefined);
  if (!fitting.some(({ id }) => chosen.includes(id))) update({ chosen: firstChoice(fitting) });
}

export function changeRecipe(recipe: string): Promise<void> {
  return run('data', async (step) => {
    update({ recipe, survey: undefined });
    await survey(step);
  });
}

async function survey(step: (what: string, unit: 'jets') => CallOptions): Promise<void> {
  const found = await (await worker()).call(
    'survey',
    { recipe: current().recipe },
    step('Looking at the jets', 'jets'),
  );
  update({ survey: found });
}

/** Images of single jets. */
export async function jetImages(jets: readonly number[]) {
  return (await worker()).call('images', { jets, recipe: current().recipe });
}

/** Adds models of the visitor, files or addresses; what is no model is refused, and the others are still added. */
export function addModels(models: readonly (File | string)[]): Promise<void> {
  return run('taggers', async (step) => {
    const added: Model[] = [];
    const refused: unknown[] = [];
    for (const own of models)
      try {
        const id = typeof own === 'string' ? fileName(own) : own.name;
        const facts = await (await worker()).call('inspect', { model: own }, step(`Reading ${id}`, 'bytes'));
        added.push({ id, bytes: facts.bytes, card: facts.card, facts, own, hints: {} });
      } catch (error) {
        refused.push(error);
      }
    const { registry, chosen, scored, failed } = current();
    const isNew = (id: string): boolean => !added.some((model) => model.id === id);
    update({
      registry: [...registry.filter(({ id }) => isNew(id)), ...added],
      chosen: [...chosen.filter(isNew), ...added.map(({ id }) => id)],
      scored: only(scored, isNew),
      failed: only(failed, isNew),
    });
    if (refused.length > 0) throw refused[0];
  });
}

/** What the visitor says of a model without a card; what it scored before is forgotten. */
export function describeModel(id: string, hints: ModelHints): void {
  const { registry, scored, failed } = current();
  const others = (one: string): boolean => one !== id;
  update({
    registry: registry.map((model) => (model.id === id ? { ...model, hints } : model)),
    scored: only(scored, others),
    failed: only(failed, others),
  });
}

const only = <T>(all: Readonly<Record<string, T>>, wanted: (id: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([id]) => wanted(id)));

export function toggleModel(id: string): void {
  const { chosen } = current();
  update({ chosen: chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id] });
}

/** Puts a tagger in front: the cut is on its score. */
export function lead(id: string): void {
  const { chosen } = current();
  update({ chosen: [id, ...chosen.filter((other) => other !== id)], cut: 0.5, selection: { kind: 'all' }, at: 0 });
}

export function chooseDevice(device: BrowserDevice): void {
  update({ device, scored: {}, failed: {}, evaluation: undefined });
  void lookOffline();
}

/** The chosen taggers that can score the jets at hand, and have not. */
export function waitingOf({ chosen, scored, registry, data }: State): Model[] {
  return chosen.flatMap((id) => {
    const model = registry.find((one) => one.id === id);
    return model !== undefined && scored[id] === undefined && data !== undefined && obstacle(model, data) === undefined
      ? [model]
      : [];
  });
}

/** Loads the chosen taggers, scores the jets with those that have not, and evaluates them; one that fails is passed over. */
export function scoreJets(keep: Partial<State> = {}): Promise<void> {
  return run('taggers', async (step) => {
    for (const model of waitingOf(current())) await scoreWith(model, step);
    await evaluate(step);
    update(keep);
  });
}

/** Scores, and goes to what there is to see. */
export async function scoreAndShow(): Promise<void> {
  const before = current().scored;
  await scoreJets();
  if (current().scored === before) return;
  // the results are drawn with the next frame
  requestAnimationFrame(() => {
    const heading = document.getElementById('results');
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView();
  });
}

async function scoreWith({ id, own, hints }: Model, step: (what: string, unit?: Job['unit']) => CallOptions) {
  const { device, failed } = current();
  const model = own ?? siteFile(`models/${id}/model.onnx`);
  const comparing = device === 'wasm' ? '' : ' and comparing devices';
  update({ failed: only(failed, (one) => one !== id) });
  try {
    const loaded = await (await worker()).call(
      'load',
      { id, model, device, hints },
      step(`Loading ${id}${comparing}`, 'bytes'),
    );
    const progress = step(`Scoring with ${id}`, 'jets');
    const before = performance.now();
    const { scores, warnings: odd } = await (await worker()).call('score', { id }, progress);
    const seconds = (performance.now() - before) / 1000;
    const trained = await trainedHere(loaded.card);
    const warnings = trained === undefined ? odd : [...odd, trained];
    update({ scored: { ...current().scored, [id]: { scores, seconds, loaded, warnings } } });
  } catch (error) {
    if (isJetError(error, 'CANCELLED')) throw error;
    update({ failed: { ...current().failed, [id]: messageOf(error) } });
  }
}

/** A sentence where the jets at hand took part in the training of a model, or may have. */
async function trainedHere(card: ModelCard | undefined): Promise<string | undefined> {
  const { data } = current();
  const training = card?.training;
  if (data === undefined || !knowsFiles(training)) return undefined;
  const sha256 = await (await worker()).call('sha256', undefined);
  if (sha256 !== undefined) {
    const part = partOfFile(sha256, training);
    return part && `${partSentence(data.name, part, training)}. Judge it by other jets.`;
  }
  const named = [training.dataset, ...(training.files ?? []).map(({ name }) => name)];
  const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  return named.some((name) => last(name) === last(data.name))
    ? `It was trained on a file of this name; whether it is this one is not looked into, since it is large or on a server. Figures on jets of a training are too good.`
    : undefined;
}

/** The layers of a tagger. */
export async function layersOf({ id, own }: Model) {
  return (await worker()).call('layersOf', { model: own ?? siteFile(`models/${id}/model.onnx`) });
}

async function evaluate(step: (what: string) => CallOptions): Promise<void> {
  const { data, scored } = current();
  if (data?.labels === undefined) return;
  const { labels } = data;
  if (Object.keys(scored).length === 0) return;
  const list = Object.entries(scored).map(([id, { scores }]) => ({ name: id, scores }));
  update({ evaluation: await (await worker()).call('evaluate', { labels, scored: list }, step('Evaluating')) });
}

/** Mean images of the jets that a tagger lets pass, at each step of its cut. */
export async function averagesByCut(scores: Float32Array, options: CallOptions) {
  return (await worker()).call('averagesByCut', { recipe: current().recipe, scores }, options);
}

/** Ranks a folder of submissions. */
export async function rankFiles(files: readonly Dropped[]): Promise<void> {
  const ranker = connect<Ranker>(new Worker(new URL('./work/rank.worker.ts', import.meta.url), { type: 'module' }));
  await run(
    'leaderboard',
    async (step) => update({ ranked: await ranker.call('rank', { files }, step('Ranking')) }),
    ranker.end,
  );
  ranker.end();
}
