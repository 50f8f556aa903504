/** @file WebAssembly modules that lie in the package as text. */

/**
 * @param text the module in base64
 * @returns null where WebAssembly with SIMD is not there, or a page may not compile
 */
export function wasmModule(text: string): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** Bytes by which memory grows. */
export const PAGE_BYTES = 65536;
