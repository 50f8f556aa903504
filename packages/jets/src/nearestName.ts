/** @file Guesses what a misspelt name was meant to be. */

/** Least number of letters to change, insert or remove to make b of a, upper and lower case the same. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(row[j] + (a[i].toLowerCase() === b[j].toLowerCase() ? 0 : 1), row[j + 1] + 1, next[j] + 1));
    row = next;
  }
  return row[b.length];
}

/** The name that is spelt most alike, the first of several; undefined of none. */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const one of names) {
    const changes = distance(name.slice(0, 100), one.slice(0, 100));
    if (changes < least) [nearest, least] = [one, changes];
  }
  return nearest;
}
