/** @file What a network costs, in words. */
import { formatCount } from '@jetsdk/jets';
import type { GraphCost } from './summariseGraph.js';

/** Operations by operator as text: 0.378 MFLOP (Gemm 61 %, Conv 34 %). */
export function flopsText(flops: Readonly<Record<string, number>>): string {
  const total = Object.values(flops).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(flops)
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) => [name, (100 * value) / total] as const)
    .filter(([, share]) => share >= 1)
    .map(([name, share]) => `${name} ${share.toFixed(0)} %`);
  return `${(total / 1e6).toPrecision(3)} MFLOP (${parts.join(', ')})`;
}

/** What is known of a network. */
export interface KnownCost {
  readonly parameters: number;
  /** undefined where that is no longer known, as in an ONNX file */
  readonly trainable?: number;
  /** undefined where the network cannot be exported, and `problem` says why */
  readonly cost?: GraphCost;
  readonly problem?: string;
}

/** Costs of one jet as sentences without full stops. */
export function costLines({ parameters, trainable, cost, problem }: KnownCost): readonly string[] {
  const learned = trainable === undefined ? '' : `, ${formatCount(trainable)} of them trainable`;
  const lines = [`${formatCount(parameters)} parameters${learned}`];
  if (cost === undefined) return [...lines, `cost of one jet unknown: ${problem}`];
  lines.push(
    cost.flops === undefined
      ? 'operations of one jet: known only when it runs'
      : `operations of one jet: ${flopsText(cost.flops)}; a multiplication and an addition are two`,
  );
  if (cost.activationBytes !== undefined)
    lines.push(
      `memory of one jet: ${formatCount(cost.activationBytes)} bytes of numbers alive at once, beside the parameters`,
    );
  if (cost.receptiveField !== undefined)
    lines.push(
      `receptive field: ${cost.receptiveField.join(' × ')} pixels decide one number of the last map before it becomes a list`,
    );
  return lines;
}
