/**
 * A count as reports, commands and pages write it: 3,750. Errors quote numbers as they are, by `counted`.
 *
 * @param count rounded to a whole number
 */
export function formatCount(count: number): string {
  return count
    .toFixed(0)
    .replace(/\B(?=(\d{3})+$)/g, ',')
    .replace('-', '−');
}

/** The same with what it counts: 1 jet, 3,750 jets. */
export function formatCounted(count: number, one: string, several = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}
