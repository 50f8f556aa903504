/** @file Max pooling and its gradient. */
import { ranges } from '../ranges.js';
import { putKernel, upstreamKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { type Geometry, poolGeometry } from './geometry.js';

const PARTS = 16;

/**
 * Registers MaxPool and MaxPoolGrad; upstream's gradient starts its search for the maximum at the smallest positive float, so that
 * windows without a positive pixel give their gradient to a wrong one.
 */
export function registerMaxPooling(runtime: () => KernelRuntime): void {
  putKernel('MaxPool', (args) => {
    const x = args.inputs['x']!;
    const g = poolGeometry(x.shape, args.attrs!);
    if (!halves(g)) return upstreamKernel('MaxPool')(args);
    const rt = runtime();
    const out = rt.output([g.images, g.outHeight, g.outWidth, g.inputs]);
    rt.run(
      'halve',
      ranges(g.images, PARTS).map(([first, last]) => [rt.at(x), rt.at(out), first, last, g.height, g.width, g.inputs]),
    );
    return out;
  });

  putKernel('MaxPoolGrad', ({ inputs, attrs }) => {
    const rt = runtime();
    const { dy, input } = inputs;
    const g = poolGeometry(input!.shape, attrs!);
    const out = rt.output(input!.shape);
    const addresses = [rt.at(input!), rt.at(dy!), rt.at(out)];
    const image = [g.height, g.width, g.inputs];
    const window = [
      ...[g.outHeight, g.outWidth, g.kernelHeight, g.kernelWidth],
      ...[g.strideHeight, g.strideWidth, g.top, g.left],
    ];
    const simple = halves(g);
    const tail = simple ? image : [...image, ...window];
    rt.run(
      simple ? 'halveGradient' : 'maxPoolGradient',
      ranges(g.images, PARTS).map(([first, last]) => [...addresses, first, last, ...tail]),
    );
    return out;
  });
}

/** Whether windows of 2 × 2 lie side by side from the first pixel on, over channels in fours. */
function halves(g: Geometry): boolean {
  const square = [g.kernelHeight, g.kernelWidth, g.strideHeight, g.strideWidth].every((size) => size === 2);
  return (
    square &&
    g.top === 0 &&
    g.left === 0 &&
    g.outHeight === g.height >> 1 &&
    g.outWidth === g.width >> 1 &&
    g.inputs % 4 === 0
  );
}
