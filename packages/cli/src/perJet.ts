/** @file Numbers of jets from several files, as one list. */

type Numbers = Uint8Array | Float32Array | Float64Array;

/** What is read of each file, one after the other, in an array of the first one's kind. */
export async function readEach<T extends Numbers>(
  paths: readonly string[],
  read: (path: string) => Promise<T>,
): Promise<T> {
  const parts: T[] = [];
  for (const path of paths) parts.push(await read(path));
  if (parts.length === 1) return parts[0];
  const Kind = parts[0].constructor as new (length: number) => T;
  const all = new Kind(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
