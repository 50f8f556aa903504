/** @file What a generator makes, as the arrays of a file. */
import type { GeneratorCard, Tensor } from '@jetsdk/jets';
import type { Generated } from './generator.js';

/**
 * Outputs and conditions in the layout of the public files, for `writeArrays`.
 *
 * @returns the outputs (n, …); conditions of whole numbers, such as classes, (n,), others (n, 1)
 */
export function generatedArrays(
  { conditions: asked }: Pick<GeneratorCard, 'conditions'>,
  { outputs, conditions }: Generated,
): Record<string, Tensor> {
  const columns = asked.map(({ name, whole }): [string, Tensor] => {
    const data = conditions[name];
    return [name, { shape: whole ? [data.length] : [data.length, 1], data }];
  });
  return { ...outputs, ...Object.fromEntries(columns) };
}
