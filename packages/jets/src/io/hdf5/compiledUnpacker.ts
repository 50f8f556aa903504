/** @file Chunks of rows unpacked inside a WebAssembly module. */
import rowsModule from '../../../kernels/rows.js';
import type { PackedRows } from '../../source/packed.js';
import { PAGE_BYTES, wasmModule } from '../../wasmModule.js';
import type { Unpacker } from './unpacker.js';

/** What the module exports; arguments and memory as `kernels/assembly/rows` says. */
interface Unpacking {
  readonly memory: WebAssembly.Memory;
  readonly inflate: (from: number, bytes: number, to: number, size: number) => number;
  readonly unshuffle: (from: number, count: number, size: number, to: number) => void;
}

/** Of the module's tables; then come the bytes of a chunk, its rows, and the chunk as it is stored. */
const TABLES_BYTES = 16384;
/** May be written behind a chunk, and read behind what is stored. */
const BESIDE_BYTES = 32;
/** Larger chunks, and what is stored of them, would keep their memory for as long as there is the thread. */
const MOST_BYTES = 2 ** 23;

let unpacking: Unpacking | null | undefined;

function start(): Unpacking | null {
  const module = wasmModule(rowsModule);
  if (module === null) return null;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { memory, ...(exports as Omit<Unpacking, 'memory'> & WebAssembly.Exports) };
}

/**
 * Its memory is the same in every call of a thread, so it is to be used up before another asks for it.
 *
 * @returns undefined where there is no WebAssembly with SIMD, and for chunks of more than 8 MiB; `plainUnpacker` gives the same
 */
export function compiledUnpacker({ chunkRows, rowBytes, shuffledBytes }: PackedRows): Unpacker | undefined {
  const size = chunkRows * rowBytes;
  if (size > MOST_BYTES) return undefined;
  if (unpacking === undefined) unpacking = start();
  if (unpacking === null) return undefined;
  const { memory, inflate, unshuffle } = unpacking;
  const rows = 16 * Math.ceil((TABLES_BYTES + size + BESIDE_BYTES) / 16);
  const stored = rows + size;
  return {
    room(bytes) {
      if (bytes > MOST_BYTES) return undefined;
      const missing = stored + bytes + BESIDE_BYTES - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
      return new Uint8Array(memory.buffer, stored, bytes);
    },
    unpack({ length }) {
      if (inflate(stored, length, TABLES_BYTES, size) === 0) return undefined;
      if (shuffledBytes === undefined) return new Uint8Array(memory.buffer, TABLES_BYTES, size);
      unshuffle(TABLES_BYTES, size / shuffledBytes, shuffledBytes, rows);
      return new Uint8Array(memory.buffer, rows, size);
    },
  };
}
