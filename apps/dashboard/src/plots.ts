/** @file The pictures' code, fetched when the first one is to be drawn. */
export type Plots = typeof import('@jetsdk/plots');

/** It, once it is here. */
export let plots: Plots | undefined;

export async function loadPlots(): Promise<Plots> {
  plots ??= await import('@jetsdk/plots');
  return plots;
}
