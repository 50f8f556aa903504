/** @file Gradient of max pooling. */

import { ranges } from '../ranges.js';
import { putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { poolGeometry } from './geometry.js';

const PARTS = 16;

/**
 * Registers MaxPoolGrad; upstream's starts its search for the maximum at the smallest positive float, so that
 * windows without a positive pixel give their gradient to a wrong one.
 */
export function registerMaxPooling(runtime: () => KernelRuntime): void {
  putKernel('MaxPoolGrad', ({ inputs, attrs }) => {
    const rt = runtime();
    const { dy, input } = inputs;
    const g = poolGeometry(input!.shape, attrs!);
    const out = rt.output(input!.shape);
    const addresses = [rt.at(input!), rt.at(dy!), rt.at(out)];
    const tail = [
      ...[g.height, g.width, g.inputs, g.outHeight, g.outWidth, g.kernelHeight, g.kernelWidth],
      ...[g.strideHeight, g.strideWidth, g.top, g.left],
    ];
    rt.run(
      'maxPoolGradient',
      ranges(g.images, PARTS).map(([first, last]) => [...addresses, first, last, ...tail]),
    );
    return out;
  });
}
