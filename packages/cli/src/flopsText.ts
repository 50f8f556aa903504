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
