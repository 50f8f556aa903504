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

/** Names by which the same jets go. */
const SAME = [
  ['top', 't', 'tt', 'ttbar', 'tops'],
  ['w', 'ww', 'wqq', 'wboson'],
  ['hbb', 'h', 'hh', 'higgs'],
  ['z', 'zz', 'zqq'],
];
/** Names that tell nothing. */
const NAMELESS = ['signal', 'class1', '1'];

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Whether two names of a signal may mean the same jets: `top` and `ttbar` do, `signal` may mean any. */
export function maySignal(one: string, other: string): boolean {
  const [a, b] = [plain(one), plain(other)];
  return (
    a === b ||
    NAMELESS.includes(a) ||
    NAMELESS.includes(b) ||
    SAME.some((names) => names.includes(a) && names.includes(b))
  );
}
