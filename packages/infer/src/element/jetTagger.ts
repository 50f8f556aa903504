/** @file The element. */

import type { Progress } from '@jetsdk/jets';
import { counted, formatCount, formatCounted, JetError, namedRecipe } from '@jetsdk/jets';
import { loadTagger } from '../browser.js';
import type { LoadOptions } from '../options.js';
import type { Tagger } from '../scoring/tagger.js';
import { histogram } from './histogram.js';
import { STYLE } from './style.js';

/** What an element tells with its event `scores`. */
export interface JetScores {
  /** of the file */
  readonly name: string;
  /** (jets,) signal probabilities */
  readonly scores: Float32Array;
  /** (jets,) numbers of the classes, where the file has them */
  readonly labels: Uint8Array | undefined;
}

const DEVICES = ['auto', 'wasm', 'webgpu', 'webnn'] as const;
const FORMATS = '.h5,.hdf5,.parquet,.npy,.npz';

/**
 * Makes `<jet-tagger>` known to the page: `<jet-tagger model="model.onnx"></jet-tagger>` is a place for a file of jets, which shows
 * their scores and tells them with the event `scores` (`event.detail` is a `JetScores`). Attributes: `model`, the address of a model
 * or the name of one below `models/`; `data`, the address of jets that are scored at once; `recipe`, the name of the recipe of a
 * model without a card; `device`, as the option of `loadTagger` (default `wasm`). Where there are no elements, as on a server that
 * renders pages, nothing happens.
 *
 * @param name of the element, with a hyphen
 */
export function defineJetTagger(name = 'jet-tagger'): void {
  if (globalThis.customElements === undefined || customElements.get(name) !== undefined) return;
  customElements.define(
    name,
    class extends HTMLElement {
      static readonly observedAttributes = ['model', 'data', 'recipe', 'device', 'sha256'];
      #stop: (() => void) | undefined;

      connectedCallback(): void {
        this.#restart();
      }

      disconnectedCallback(): void {
        this.#stop?.();
        this.#stop = undefined;
      }

      attributeChangedCallback(): void {
        // before the first one the element is not in the page, and frameworks set attributes one by one
        if (this.#stop !== undefined) this.#restart();
      }

      #restart(): void {
        this.#stop?.();
        const abort = new AbortController();
        this.#stop = () => abort.abort();
        queueMicrotask(() => {
          if (!abort.signal.aborted) show(this, abort.signal);
        });
      }
    },
  );
}

/** Shows the element until it is stopped. */
function show(host: HTMLElement, signal: AbortSignal): void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const title = element('strong');
  const engine = element('span', 'quiet');
  const body = element('div');
  const header = element('header');
  header.append(title, engine);
  const section = element('section');
  section.append(header, body);
  root.replaceChildren(section);

  const model = host.getAttribute('model') ?? '';
  title.textContent = model;
  const failed = (error: unknown): void => {
    if (signal.aborted) return;
    const says = element('p', 'bad');
    says.setAttribute('role', 'alert');
    says.textContent = error instanceof Error ? error.message : String(error);
    body.replaceChildren(says, ...(tagger === undefined ? [] : [chooser()]));
  };
  const working = (what: string): ((progress: Progress) => void) => {
    const says = element('p', 'quiet');
    says.textContent = `${what} …`;
    const bar = document.createElement('progress');
    bar.setAttribute('aria-label', what);
    body.replaceChildren(says, bar);
    return ({ done, total }) => {
      if (total === undefined) return;
      bar.max = total;
      bar.value = done;
    };
  };

  let tagger: Tagger | undefined;
  const scoreFile = async (of: Tagger, file: File | URL): Promise<void> => {
    working('Reading the jets');
    const { openJets } = await import('@jetsdk/jets/files');
    const jets = await openJets(file);
    try {
      const onProgress = working('Scoring');
      const started = performance.now();
      const scores = await of.score(jets, { signal, onProgress });
      const seconds = (performance.now() - started) / 1000;
      const labels = await jets.labels();
      if (signal.aborted) return;
      const name = file instanceof URL ? (file.pathname.split('/').pop() ?? '') : file.name;
      const names =
        labels === undefined ? ['all jets'] : (jets.classes ?? of.info.card?.classes ?? ['background', 'signal']);
      const says = element('p');
      says.textContent = `${name}: ${formatCounted(scores.length, 'jet')}, ${formatCount(scores.length / seconds)} a second.`;
      body.replaceChildren(says, histogram(scores, labels, names), chooser(), saver(name, scores));
      const detail: JetScores = { name, scores, labels };
      host.dispatchEvent(new CustomEvent('scores', { detail, bubbles: true, composed: true }));
    } finally {
      jets.close();
    }
  };
  const take = (file: File | undefined): void => {
    if (file !== undefined && tagger !== undefined) void scoreFile(tagger, file).catch(failed);
  };
  const chooser = (): HTMLElement => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = FORMATS;
    input.hidden = true;
    input.addEventListener('change', () => take(input.files?.[0]));
    const button = element('button');
    button.textContent = 'Choose a file of jets';
    button.addEventListener('click', () => input.click());
    const place = element('span');
    place.append(button, input);
    return place;
  };
  const over = (event: Event): void => {
    event.preventDefault();
    section.classList.toggle('over', event.type === 'dragover');
  };
  for (const type of ['dragover', 'dragleave', 'drop']) section.addEventListener(type, over, { signal });
  section.addEventListener('drop', (event) => take(event.dataTransfer?.files[0]), { signal });

  const start = async (): Promise<void> => {
    const onProgress = working('Loading the tagger');
    tagger = await loadTagger(model, optionsOf(host, signal, onProgress));
    const loaded = tagger;
    const gone = (): void => void loaded.dispose();
    if (signal.aborted) return gone();
    signal.addEventListener('abort', gone);
    const { card, name, device, threads } = loaded.info;
    title.textContent = card?.name ?? name.slice(name.lastIndexOf('/') + 1);
    engine.textContent = [card?.task, device === 'wasm' ? `WebAssembly, ${counted(threads, 'thread')}` : device]
      .filter((part) => part !== undefined)
      .join('; ');
    const data = host.getAttribute('data');
    if (data !== null) return scoreFile(loaded, new URL(data, document.baseURI));
    const says = element('p');
    says.textContent = 'Drop a file of jets here: HDF5, Parquet, .npy or .npz. It stays on this machine.';
    body.replaceChildren(says, chooser());
  };
  start().catch(failed);
}

function optionsOf(host: HTMLElement, signal: AbortSignal, onProgress: (progress: Progress) => void): LoadOptions {
  const recipe = host.getAttribute('recipe');
  const sha256 = host.getAttribute('sha256');
  const wanted = host.getAttribute('device') ?? 'wasm';
  const device = DEVICES.find((one) => one === wanted);
  if (device === undefined)
    throw new JetError('BAD_ARGUMENT', `jet-tagger: device ${wanted}; expected ${DEVICES.join(', ')}`, {
      device: wanted,
    });
  return {
    device,
    signal,
    onProgress,
    ...(recipe !== null && { recipe: namedRecipe(recipe) }),
    ...(sha256 !== null && { sha256 }),
  };
}

/** A way to take the scores away. */
function saver(name: string, scores: Float32Array): HTMLElement {
  const button = element('button');
  button.textContent = 'Save the scores';
  button.addEventListener('click', () => {
    void import('@jetsdk/jets/npy').then(({ writeNpy }) => {
      const bytes = writeNpy({ dtype: 'float32', shape: [scores.length], data: scores });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
      link.download = `${name}.scores.npy`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
  });
  return button;
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, className = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
