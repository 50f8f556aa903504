import { JetError } from '@jetsdk/jets';
import { checkLevel, type Interval, ONE_SIGMA } from './binomial.js';
import type { BootstrapResult } from './bootstrap.js';
import { quantile } from './quantile.js';

/** How the rejections of two taggers compare at one signal efficiency. */
export interface PairedRejection {
  /** 1/ε_B of the first over that of the second; undefined where the first lets no background pass */
  readonly ratio: number | undefined;
  /** of the ratio; an end is left out where it is not finite */
  readonly interval: Partial<Interval>;
  /** two-sided, in (0, 1]: how often, in twice the smaller share of replicates, the other one comes out ahead */
  readonly pValue: number;
}

/**
 * Whether two taggers differ in background rejection, from replicates of the same jets.
 *
 * @param a of `bootstrap` with the metric `backgroundEfficiency`
 * @param b of the same call
 * @throws {JetError} BAD_ARGUMENT if they have not as many replicates; OUT_OF_RANGE for the level
 * @see Efron, Tibshirani: An Introduction to the Bootstrap, section 15.4 (the +1 keeps the p-value above 0)
 */
export function pairedRejection(
  a: BootstrapResult,
  b: BootstrapResult,
  { level = ONE_SIGMA }: { readonly level?: number } = {},
): PairedRejection {
  checkLevel('pairedRejection', level);
  const count = a.replicates.length;
  if (count !== b.replicates.length)
    throw new JetError(
      'BAD_ARGUMENT',
      `pairedRejection: ${count} and ${b.replicates.length} replicates; expected both from one bootstrap`,
    );
  let [notBetter, notWorse] = [0, 0];
  const logs = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    // ε_B of the second over that of the first; where neither lets a jet pass they are alike
    const [own, other] = [a.replicates[i], b.replicates[i]];
    if (own >= other) notBetter++;
    if (own <= other) notWorse++;
    logs[i] = own === other ? 0 : Math.log(other) - Math.log(own);
  }
  logs.sort();
  const tail = (1 - level) / 2;
  const [low, high] = [quantile(logs, tail), quantile(logs, 1 - tail)].map(Math.exp);
  const ratio = b.value / a.value;
  return {
    ratio: Number.isFinite(ratio) ? ratio : undefined,
    interval: { ...(Number.isFinite(low) && { low }), ...(Number.isFinite(high) && { high }) },
    pValue: Math.min(1, (2 * (Math.min(notBetter, notWorse) + 1)) / (count + 1)),
  };
}
