/** @file Numbers and words of strangers in messages. */

/** Text of a stranger, short and without control characters. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** A number short enough to read, exact enough to recognise. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(7)));
}
