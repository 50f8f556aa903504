/** @file Seeds for initialisers that have none. */
import type { initializers, layers } from '@tensorflow/tfjs-layers';

type Initializer = ReturnType<typeof initializers.zeros>;

/**
 * Replaces every random initialiser of a layer that has no seed by one that has; to be called before the layer is used.
 *
 * @param next gives a seed
 */
export function seedInitializers(layer: layers.Layer, next: () => number): void {
  for (const part of [layer, Reflect.get(layer, 'cell') as object | undefined])
    for (const key of Object.keys(part ?? {}).filter((name) => name.endsWith('Initializer'))) {
      const old = Reflect.get(part as object, key) as Initializer;
      const config = old.getConfig();
      // those that draw no random numbers have no seed
      if (!('seed' in config) || typeof config['seed'] === 'number') continue;
      const seeded = Reflect.construct(old.constructor, [{ ...config, seed: next() }]) as Initializer;
      Reflect.set(part as object, key, seeded);
    }
}
