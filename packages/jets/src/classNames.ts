/** @file What classes are called. */

/** Names of classes by their numbers that nobody named: background and signal, or class 0, class 1, … of more than two. */
export function classNames(count: number): readonly string[] {
  if (count <= 2) return ['background', 'signal'];
  return Array.from({ length: count }, (_, label) => `class ${label}`);
}

/** Classes that labels tell of: at least two, and as many as the greatest label needs. */
export function countClasses(labels: Uint8Array): number {
  return labels.reduce((most, label) => Math.max(most, label + 1), 2);
}
