/** @file ONNX Runtime in the browser: WebAssembly alone, or with WebGPU and WebNN, loaded when asked for. */
import { JetError } from '@jetsdk/jets';
import type { Env } from 'onnxruntime-node';
import { type Ort, openOrtSession } from './ortSession.js';
import { once, serialQueue } from './queue.js';
import type { Device, Runtime, Session } from './runtime.js';

/** As far as we use the environment of the web build. */
interface WebOrt extends Ort {
  readonly env: {
    readonly versions: { readonly web?: string; readonly common: string };
    readonly wasm: { numThreads?: number | undefined; wasmPaths?: Env.WasmPrefixOrFilePaths | undefined };
    readonly webgpu: { readonly device: Promise<unknown> };
  };
}

/** Of a graphics device, what tells that it is gone. */
interface Losable {
  readonly lost: Promise<{ readonly reason?: string; readonly message: string }>;
}

/**
 * Each thread starts with the script it is given. Bundled, that script may draw in the page's own code, which fails
 * outside of a page and leaves the session waiting for good; so threads get ONNX Runtime's script as a file.
 */
const builds = {
  plain: {
    load: once<WebOrt>(() => import('onnxruntime-web/wasm')),
    files: () => ({
      mjs: new URL('onnxruntime-web/ort-wasm-simd-threaded.mjs', import.meta.url),
      wasm: new URL('onnxruntime-web/ort-wasm-simd-threaded.wasm', import.meta.url),
    }),
  },
  accelerated: {
    load: once<WebOrt>(() => import('onnxruntime-web/webgpu')),
    files: () => ({
      mjs: new URL('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs', import.meta.url),
      wasm: new URL('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm', import.meta.url),
    }),
  },
};

/**
 * Whether Vite's development server serves this module as one of its dependencies: there ONNX Runtime is a file of its own, which
 * threads may start with, and the files above are not where they are without a bundler.
 */
export const isPrebundled = (url: string): boolean => /\/deps\/[^/]+\.js\?v=\w+$/.test(url);

/** Whether this module comes from another site than the page: then ONNX Runtime looks for its files under names of its own. */
const isElsewhere = (url: string): boolean =>
  'location' in globalThis && new URL(url).origin !== globalThis.location.origin;

/** Addresses of the files of the plain build for a worker; undefined where ONNX Runtime is a file of its own and finds them. */
export function pageFiles(): { readonly mjs: string; readonly wasm: string } | undefined {
  if (isPrebundled(import.meta.url)) return undefined;
  const { mjs, wasm } = builds.plain.files();
  return { mjs: mjs.href, wasm: wasm.href };
}

/** WebAssembly is started once a page, with so many threads. */
const startedWith = new Map<WebOrt, number>();

/** Overlapping runs on WebGPU hang the page and overlapping creations fail, so everything goes one by one. */
const inOrder = serialQueue();

/** Threads of a page: WebAssembly has more than one only where the page is isolated from others. */
export const pageThreads = (): number => (globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1);

/**
 * @param devices that will be opened
 * @param threads of one run; undefined for what the page has
 * @throws {JetError} BAD_ARGUMENT if the page already runs with another number of threads, or can have one only
 */
export async function webRuntime(devices: readonly Device[], threads: number | undefined): Promise<Runtime> {
  const build = devices.every((device) => device === 'wasm') ? builds.plain : builds.accelerated;
  const ort = await build.load();
  if (threads !== undefined && threads > 1 && !globalThis.crossOriginIsolated)
    throw new JetError(
      'BAD_ARGUMENT',
      `loadTagger: ${threads} threads, but this page is not cross-origin isolated; expected 1; serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp`,
      { threads },
    );
  const started = startedWith.get(ort) ?? threads ?? pageThreads();
  if (threads !== undefined && threads !== started)
    throw new JetError(
      'BAD_ARGUMENT',
      `loadTagger: ${threads} threads, but this page already runs with ${started}; expected the same for every model of a page; leave the option out`,
      { threads, started },
    );
  startedWith.set(ort, started);
  ort.env.wasm.numThreads = started;
  if ((started > 1 || isElsewhere(import.meta.url)) && !isPrebundled(import.meta.url))
    ort.env.wasm.wasmPaths = build.files();
  return {
    name: 'onnxruntime-web',
    version: ort.env.versions.web ?? ort.env.versions.common,
    threads: started,
    open: (model, settings) =>
      inOrder(async () => {
        const session = await openOrtSession(ort, model, settings, 'wasm');
        if (settings.device !== 'webgpu') return oneByOne(session, (run) => run);
        const lost = lossOf((await ort.env.webgpu.device) as Losable);
        return oneByOne(session, (run) => Promise.race([run, lost]));
      }),
  };
}

/** Rejects when the device is lost; a run that waits for it would never end. */
function lossOf(device: Losable): Promise<never> {
  const lost = device.lost.then(({ message, reason }) => {
    throw new JetError(
      'DEVICE_UNAVAILABLE',
      `device webgpu: the graphics device was lost (${message || reason || 'no reason given'}); expected it to stay; reload the page, or use wasm`,
      { device: 'webgpu' },
    );
  });
  lost.catch(() => undefined);
  return lost;
}

function oneByOne(session: Session, guard: <T>(run: Promise<T>) => Promise<T>): Session {
  return {
    ...session,
    run: (feeds, outputs) => inOrder(() => guard(session.run(feeds, outputs))),
    release: () => inOrder(() => session.release()),
  };
}
