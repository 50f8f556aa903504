/** @file What the loops of all trainings have in common. */
import { JetError, random } from '@jetsdk/jets';
import { derivedSeed } from '../seeds.js';

/** Every row once, in the order of an epoch. */
export function drawOrder(order: Uint32Array, seed: number, epoch: number): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  random(derivedSeed(seed, 'shuffle', epoch)).shuffle(order);
}

/** @throws {JetError} CANCELLED if `signal` asks for it */
export function stopIfAborted(where: string, epoch: number, signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new JetError('CANCELLED', `${where}: stopped in epoch ${epoch}; resume it from the last whole epoch`, {
      epoch,
    });
}

/** Of a loss that is no finite number. @param options `which` loss it is, and what is `kept`, for the message */
export function diverged(where: string, epoch: number, loss: number, { which = '', kept = '' } = {}): JetError {
  return new JetError(
    'TRAINING_DIVERGED',
    `${where}: the loss${which} became ${loss} in epoch ${epoch}${kept}; try a smaller learning rate`,
    { epoch, loss },
  );
}

/** @throws {JetError} OUT_OF_RANGE for one that is no integer ≥ 1 */
export function requireCounts(where: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts))
    if (!Number.isInteger(value) || value < 1)
      throw new JetError('OUT_OF_RANGE', `${where}: ${name} ${value}; expected an integer ≥ 1`, { [name]: value });
}

/** @throws {JetError} OUT_OF_RANGE for one that is no number above 0 */
export function requireRates(where: string, rates: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(rates))
    if (!(value > 0 && value < Infinity))
      throw new JetError('OUT_OF_RANGE', `${where}: ${name} ${value}; expected a number > 0`, { [name]: value });
}
