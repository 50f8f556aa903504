/** @file What of the site works without a network, and fetching the rest ahead. */
import { isJetError } from '@jetsdk/jets';
import { siteFile } from './siteFile.js';
import { current, type Offline, update } from './state.js';
import { keepFile, RUNTIME_CACHE } from './work/runtimeFiles.js';

/** The files of this build that are not kept when the page is first opened. */
export interface Later {
  /** where the service worker of this build keeps files */
  readonly cache: string;
  readonly files: readonly LaterFile[];
}

interface LaterFile {
  /** from the page */
  readonly path: string;
  readonly bytes: number;
}

/** So much of the taggers is fetched unasked. */
const UNASKED_BYTES = 5e6;
/** Whoever has once asked for everything gets what a new build brings, too. */
const WISH = 'jetsdk-offline';

let later: Later | undefined;

/** Keeps the page; when nothing else is to be done, its taggers, too. */
export async function startOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('./serviceWorker.js');
    await navigator.serviceWorker.ready;
    later = (await (await fetch(siteFile('later.json'))).json()) as Later;
    await dropOldRuntimes(later);
  } catch {
    // browsers refuse it in private windows, among others; the page works, and says nothing about being offline
    return;
  }
  await lookOffline();
  if (!mayFetchUnasked()) return;
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve());
    else setTimeout(resolve, 1000);
  });
  if (localStorage.getItem(WISH) !== null) await keepAll();
  else await keepTaggers();
}

/** Finds out what is kept. */
export async function lookOffline(): Promise<void> {
  if (later === undefined || current().offline?.kind === 'keeping') return;
  update({ offline: partOf(await notKept(wanted(later))) });
}

/** Fetches all that a visit without a network may need. */
export async function keepAll(): Promise<void> {
  if (later === undefined || current().offline?.kind === 'keeping') return;
  localStorage.setItem(WISH, 'yes');
  // asks the browser not to clear the caches when room is short
  await navigator.storage?.persist?.();
  const files = await notKept(wanted(later));
  const abort = new AbortController();
  const all = total(files);
  let before = 0;
  const tell = (done: number): void =>
    update({ offline: { kind: 'keeping', done: before + done, total: all, stop: () => abort.abort() } });
  let problem: string | undefined;
  tell(0);
  try {
    for (const file of files) {
      await keepFile(cacheOf(later, file), siteFile(file.path), {
        signal: abort.signal,
        progress: ({ done }) => tell(done),
      });
      before += file.bytes;
    }
  } catch (error) {
    if (abort.signal.aborted) localStorage.removeItem(WISH);
    else problem = isJetError(error) ? error.message : `The browser has no room for it (${String(error)}).`;
  }
  const part = partOf(await notKept(wanted(later)));
  update({ offline: part.kind === 'wholly' || problem === undefined ? part : { ...part, problem } });
}

const partOf = (missing: readonly LaterFile[]): Exclude<Offline, { kind: 'keeping' }> =>
  missing.length === 0
    ? { kind: 'wholly' }
    : { kind: 'partly', missing: total(missing), scores: !missing.some(({ path }) => /\.(wasm|onnx)$/.test(path)) };

/** The models of the registry while they are small; what fails is fetched when it is asked for. */
async function keepTaggers(): Promise<void> {
  const models = await notKept(later!.files.filter(({ path }) => path.endsWith('.onnx')));
  let bytes = 0;
  for (const file of models) {
    // a large one does not keep the others away
    if (bytes + file.bytes > UNASKED_BYTES) continue;
    bytes += file.bytes;
    const unseen = { signal: new AbortController().signal, progress: () => undefined };
    await keepFile(later!.cache, siteFile(file.path), unseen).catch(() => undefined);
  }
  await lookOffline();
}

/** The WebAssembly for graphics cards only for those who use it: it is the larger one. */
const wanted = ({ files }: Later): LaterFile[] =>
  files.filter(({ path }) => !path.includes('asyncify') || current().device === 'webgpu');

const cacheOf = ({ cache }: Later, { path }: LaterFile): string => (path.endsWith('.wasm') ? RUNTIME_CACHE : cache);

const total = (files: readonly LaterFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

async function notKept(files: readonly LaterFile[]): Promise<LaterFile[]> {
  const kept = await Promise.all(
    files.map(async (file) => {
      const cache = await caches.open(cacheOf(later!, file));
      return (await cache.match(siteFile(file.path), { ignoreVary: true })) !== undefined;
    }),
  );
  return files.filter((_, i) => !kept[i]);
}

async function dropOldRuntimes({ files }: Later): Promise<void> {
  const current = new Set(files.map(({ path }) => siteFile(path)));
  const cache = await caches.open(RUNTIME_CACHE);
  for (const { url } of await cache.keys()) if (!current.has(url)) await cache.delete(url);
}

/** Of the connection, what some browsers tell. */
interface Connection {
  readonly saveData?: boolean;
  readonly type?: string;
  readonly effectiveType?: string;
}

/** Not where the browser says that its visitor pays for data or waits for them. */
function mayFetchUnasked(): boolean {
  const { connection, onLine } = navigator as Navigator & { readonly connection?: Connection };
  const { saveData, type, effectiveType } = connection ?? {};
  return onLine && saveData !== true && type !== 'cellular' && !/2g$/.test(effectiveType ?? '');
}
