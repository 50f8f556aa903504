/** A number and what it counts, for errors, which quote numbers as they are: `1 column`, `2000 columns`. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;
