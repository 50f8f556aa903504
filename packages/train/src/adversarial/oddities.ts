/** @file What is odd about an epoch of two networks against each other, and what to try. */
import type { Gan } from './gan.js';
import type { GanEpoch } from './ganEpoch.js';

/** Spreads outside of this are no jets or showers any more. */
const [ALIKE, RUN_AWAY] = [0.2, 5];
/** A discriminator whose cross-entropy is less than this above what wrong labels leave, on both kinds, teaches the generator nothing. */
const SATURATED = 0.03;

/** Cross-entropy of who knows everything but which labels are wrong. */
const leftBy = (flip: number): number =>
  [flip, 1 - flip].reduce((sum, share) => sum - (share === 0 ? 0 : share * Math.log(share)), 0);

/** @returns warnings, none where nothing is odd */
export function oddities({ flip }: Pick<Gan, 'flip'>, { epoch, simulated, generated, spread }: GanEpoch): string[] {
  const found: string[] = [];
  const differ = `they differ ${spread.toPrecision(2)} times as much as simulated ones`;
  if (spread < ALIKE)
    found.push(
      `generated images are alike: ${differ}; likely a collapse; try a smaller --learning-rate or another --seed`,
    );
  if (spread > RUN_AWAY)
    found.push(`generated images run away: ${differ}; try a smaller --learning-rate or another --seed`);
  const least = leftBy(flip);
  const [real, made] = [simulated['real'], generated['real']];
  if (Math.max(real, made) - least < SATURATED)
    found.push(
      `the discriminator tells simulated from generated images without fail (cross-entropy ${real.toPrecision(2)} and ${made.toPrecision(2)}${flip > 0 ? `, of which ${least.toPrecision(2)} is from wrong labels` : ''}), and so teaches the generator nothing; try a smaller rate for it`,
    );
  return found.map((text) => `epoch ${epoch}: ${text}`);
}
