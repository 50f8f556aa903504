/** @file How much the rows of a batch are like each other, which minibatch discrimination is made of. */
import { engine, type NamedAttrMap, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { asRows, padded } from './geometry.js';

/** (rows, kernels · dimensions) to (rows, kernels): sums over the rows of exp(−‖difference‖₁). */
export const ALIKE = 'JetAlike';
const GRADIENT = 'JetAlikeGradient';

/** Chunks of the rows. */
const PARTS = 16;

export function registerAlike(runtime: () => KernelRuntime): void {
  putKernel(ALIKE, ({ inputs, attrs }) => {
    const rt = runtime();
    const x = inputs['x']!;
    const { rows, kernels, dimensions } = sizesOf(x.shape, attrs);
    const out = rt.output([rows, kernels]);
    const addresses = [rt.at(x), sideBySide(rt, 'panels', x), rt.at(out)];
    rt.run(
      'alike',
      ranges(rows, PARTS).map(([first, last]) => [...addresses, first, last, rows, kernels, dimensions]),
    );
    return out;
  });
  putKernel(GRADIENT, ({ inputs, attrs }) => {
    const rt = runtime();
    const { x, dy } = inputs;
    const { rows, kernels, dimensions } = sizesOf(x!.shape, attrs);
    const out = rt.output(x!.shape);
    const [panels, given] = [sideBySide(rt, 'panels', x!), sideBySide(rt, 'padded', dy!)];
    const addresses = [rt.at(x!), panels, rt.at(dy!), given, rt.at(out)];
    rt.run(
      'alikeGradient',
      ranges(rows, PARTS).map(([first, last]) => [...addresses, first, last, rows, kernels, dimensions]),
      padded(rows),
    );
    return out;
  });
  putGradient(ALIKE, { inputs: ['x'] }, (dy, [x], attrs) => ({
    x: () => engine().runKernel<Tensor>(GRADIENT, { x: x!, dy: dy as Tensor }, attrs),
  }));
}

/** Eight rows of a matrix side by side, [rows / 8][columns][8], in the working memory of that name. */
function sideBySide(rt: KernelRuntime, name: string, matrix: TensorInfo): number {
  const [rows, columns] = asRows(matrix);
  const panels = rt.buffer(name, columns * padded(rows));
  rt.run('packPanels', [[rt.at(matrix), 4, 4 * columns, columns, rows, panels]]);
  return panels;
}

function sizesOf([rows]: readonly number[], attrs: NamedAttrMap | undefined) {
  const { kernels, dimensions } = attrs as { readonly kernels: number; readonly dimensions: number };
  return { rows: rows!, kernels, dimensions };
}
