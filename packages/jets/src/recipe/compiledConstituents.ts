/** @file The working memory of a recipe inside a WebAssembly module, whose loops take two constituents at a time. */
import loopsModule from '../../kernels/loops.js';
import { PAGE_BYTES, wasmModule } from '../wasmModule.js';
import { type Constituents, type Loops, REACH } from './constituents.js';

/** What the module exports; arguments and memory as `kernels/assembly/loops/index.ts` says. */
type Loop = (...numbers: readonly number[]) => number;

/** Bytes of a constituent in each array of float64, and of its four-vector. */
const NUMBER_BYTES = 8;
const VECTOR_BYTES = 16;
/** Of a pixel in the three arrays of its image. */
const IMAGE_BYTES = 12;
const ARRAYS = 8;
/** Far more constituents than jets have, and what a module's memory holds. */
const MOST = 2 ** 24;
/** Larger images would keep their memory for as long as there is the thread. */
const MOST_PIXELS = 2 ** 22;

let compiled: WebAssembly.Module | null | undefined;
let last: Constituents | undefined;

/**
 * Working memory for jets of up to `capacity` four-vectors and images of `size` pixels × channels: the same in every call of a thread as long as it is large enough, so it
 * is to be used up before another asks for it.
 *
 * @returns undefined where there is no WebAssembly with SIMD, for more than 2²⁴ four-vectors or 2²² pixels; `makeConstituents` gives the same bits
 */
export function compiledConstituents(capacity: number, size = 0): Constituents | undefined {
  if (compiled === undefined) compiled = wasmModule(loopsModule);
  if (compiled === null || capacity > MOST || size > MOST_PIXELS) return undefined;
  if (last === undefined || last.slot.length <= capacity || last.image.pixel.length < size)
    last = instantiate(compiled, capacity, Math.max(size, last?.image.pixel.length ?? 0));
  return last;
}

function instantiate(module: WebAssembly.Module, capacity: number, size: number): Constituents {
  // four at a time, from any place on
  const room = 4 * (Math.floor(capacity / 4) + 2);
  const stride = NUMBER_BYTES * room;
  const raw = ARRAYS * stride;
  const charges = raw + VECTOR_BYTES * Math.max(REACH, room);
  const vertices = charges + room;
  const image = vertices + room;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((image + IMAGE_BYTES * size) / PAGE_BYTES) });
  const { buffer } = memory;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const loop = (name: keyof Loops): Loop => exports[name] as Loop;
  const [load, hardest, momenta, shift, turn, spin, place, addUp] = (
    ['load', 'hardest', 'momenta', 'shift', 'turn', 'spin', 'place', 'addUp'] as const
  ).map(loop);
  const numbers = (array: number): Float64Array => new Float64Array(buffer, array * stride, room);
  const vectors = new Float32Array(buffer, raw, 4 * Math.max(REACH, room));
  let first = 0;
  return {
    count: 0,
    pt: numbers(0),
    eta: numbers(1),
    phi: numbers(2),
    energy: numbers(3),
    px: numbers(4),
    py: numbers(5),
    pz: numbers(6),
    charge: new Int8Array(buffer, charges, room),
    vertex: new Int8Array(buffer, vertices, room),
    slot: new Int32Array(buffer, 7 * stride, room),
    bin: new Int32Array(buffer, 7 * stride + stride / 2, room),
    image: {
      count: 0,
      pixel: new Int32Array(buffer, image, size),
      value: new Float32Array(buffer, image + 4 * size, size),
      place: new Int32Array(buffer, image + 8 * size, size),
    },
    loops: {
      take({ data, shape }, jet, until) {
        const slots = shape[1];
        vectors.set(data.subarray(4 * jet * slots, 4 * until * slots));
        first = jet;
      },
      load(into, { shape }, jet) {
        const slots = shape[1];
        into.count = load(stride, raw + VECTOR_BYTES * slots * (jet - first), slots);
        return into.count >= 0;
      },
      hardest: ({ count }, minDeltaR, skip) => hardest(stride, count, minDeltaR, skip),
      momenta({ count }) {
        momenta(stride, count);
      },
      shift({ count }, eta, phi) {
        shift(stride, count, eta, phi);
      },
      turn({ count }, cos, sin) {
        turn(stride, count, cos, sin);
      },
      spin({ count }, cos, sin) {
        spin(stride, count, cos, sin);
      },
      place: ({ count }, pixels, halfWidth, depth) =>
        place(stride, count, pixels, halfWidth, pixels / (2 * halfWidth), depth) !== 0,
      addUp(jet, channel, { of, charged, leading }) {
        const weights = of === 'pt' ? 0 : of === 'energy' ? 3 * stride : -1;
        const { count } = jet.image;
        const which = chosen(charged) + 3 * chosen(leading);
        jet.image.count = addUp(stride, jet.count, weights, channel, which, charges, vertices, image, size, count);
      },
    },
  };
}

/** One of three: all of them, those that are not, those that are. */
const chosen = (which: boolean | undefined): number => (which === undefined ? 0 : which ? 2 : 1);
