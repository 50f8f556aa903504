/** How far something has come. */
export interface Progress {
  /** jets, bytes, epochs: what is said where it is told */
  readonly done: number;
  /** undefined where it is not known beforehand */
  readonly total: number | undefined;
}
