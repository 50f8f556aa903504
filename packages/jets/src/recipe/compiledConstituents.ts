/** @file The working memory of a recipe inside a WebAssembly module, whose loops take two constituents at a time. */
import loopsModule from '../../kernels/loops.js';
import { PAGE_BYTES, wasmModule } from '../wasmModule.js';
import type { Constituents, Loops } from './constituents.js';

/** What the module exports; arguments and memory as `kernels/assembly/loops/index.ts` says. */
type Loop = (...numbers: readonly number[]) => number;

/** Bytes of a constituent in each array of float64, and of its four-vector. */
const NUMBER_BYTES = 8;
const VECTOR_BYTES = 16;
const ARRAYS = 8;
/** Far more than jets have, and what a module's memory holds. */
const MOST = 2 ** 24;

let compiled: WebAssembly.Module | null | undefined;
let last: Constituents | undefined;

/**
 * Working memory for jets of up to `capacity` four-vectors: the same in every call of a thread as long as it is large enough, so it
 * is to be used up before another asks for it.
 *
 * @returns undefined where there is no WebAssembly with SIMD, and for more than 2²⁴; `makeConstituents` gives the same bits
 */
export function compiledConstituents(capacity: number): Constituents | undefined {
  if (compiled === undefined) compiled = wasmModule(loopsModule);
  if (compiled === null || capacity > MOST) return undefined;
  if (last === undefined || last.slot.length <= capacity) last = instantiate(compiled, capacity);
  return last;
}

function instantiate(module: WebAssembly.Module, capacity: number): Constituents {
  // one more than there may be, beside the last of an odd number
  const room = 4 * (Math.floor(capacity / 4) + 1);
  const stride = NUMBER_BYTES * room;
  const raw = ARRAYS * stride;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((raw + VECTOR_BYTES * room) / PAGE_BYTES) });
  const { buffer } = memory;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const loop = (name: keyof Loops): Loop => exports[name] as Loop;
  const [load, momenta, shift, turn, spin, place] = (
    ['load', 'momenta', 'shift', 'turn', 'spin', 'place'] as const
  ).map(loop);
  const numbers = (array: number): Float64Array => new Float64Array(buffer, array * stride, room);
  const vectors = new Float32Array(buffer, raw, 4 * room);
  return {
    count: 0,
    pt: numbers(0),
    eta: numbers(1),
    phi: numbers(2),
    energy: numbers(3),
    px: numbers(4),
    py: numbers(5),
    pz: numbers(6),
    charge: new Int8Array(room),
    vertex: new Int8Array(room),
    slot: new Int32Array(buffer, 7 * stride, room),
    bin: new Int32Array(buffer, 7 * stride + stride / 2, room),
    loops: {
      load(into, { data, shape }, jet) {
        const slots = shape[1];
        vectors.set(data.subarray(4 * jet * slots, 4 * (jet + 1) * slots));
        into.count = load(stride, raw, slots);
        return into.count >= 0;
      },
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
    },
  };
}
