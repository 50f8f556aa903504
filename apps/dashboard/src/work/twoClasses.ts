import { countClasses } from '@jetsdk/jets';

/** What tells classes apart. */
interface Told {
  readonly labels: Uint8Array | undefined;
  readonly classes: readonly string[] | undefined;
}

/**
 * Background and signal: of more than two classes the last one is the signal, as in cards of models, and all others are
 * background.
 *
 * @param told labels not modified
 */
export function twoClasses({ labels, classes }: Told): Told {
  if (labels === undefined) return { labels, classes };
  const count = Math.max(countClasses(labels), classes?.length ?? 0);
  if (count === 2) return { labels, classes };
  return {
    labels: labels.map((label) => (label === count - 1 ? 1 : 0)),
    classes: classes && [classes.slice(0, -1).join(', '), classes[count - 1] ?? 'signal'],
  };
}
