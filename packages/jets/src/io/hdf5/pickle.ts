/** @file Reads lists of column names that pandas stored as Python pickles, and nothing else of that format. */

/**
 * The strings of a pickled list of strings (protocol 0), in order.
 *
 * Knows the opcodes such a list is made of and gives up at any other: nothing is ever imported or called.
 *
 * @param text the pickle, one character a byte
 * @returns undefined if it is anything else than a list of strings
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py (opcodes)
 */
export function readPickledNames(text: string): string[] | undefined {
  if (!text.startsWith('(l')) return undefined;
  const names: string[] = [];
  const memo = new Map<string, string>();
  let pending: string | undefined;
  let at = 2;
  const line = (): string | undefined => {
    const end = text.indexOf('\n', at);
    if (end < 0) return undefined;
    const found = text.slice(at, end);
    at = end + 1;
    return found;
  };
  while (at < text.length) {
    const opcode = text[at++];
    if (opcode === '.') return pending === undefined && at === text.length ? names : undefined;
    if (opcode === 'a') {
      if (pending === undefined) return undefined;
      names.push(pending);
      pending = undefined;
      continue;
    }
    const argument = line();
    if (argument === undefined) return undefined;
    if (opcode === 'p') {
      if (pending !== undefined) memo.set(argument, pending);
    } else if (pending !== undefined) return undefined;
    else if (opcode === 'g') pending = memo.get(argument);
    else if (opcode === 'V') pending = argument.includes('\\') ? undefined : argument;
    else if (opcode === 'S') pending = /^'([^'\\]*)'$/.exec(argument)?.[1] ?? /^"([^"\\]*)"$/.exec(argument)?.[1];
    else return undefined;
    if (opcode !== 'p' && pending === undefined) return undefined;
  }
  return undefined;
}
