/** A shape as messages say it; sizes that are left open are question marks. */
export const shapeText = (shape: readonly (number | undefined)[]): string =>
  `(${shape.map((size) => size ?? '?').join(', ')})`;
