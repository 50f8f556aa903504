/** @file What cards of taggers, regressors and generators have in common. */
import {
  type Check,
  count,
  finite,
  listOf,
  object,
  optional,
  type Place,
  positive,
  requireDepth,
  text,
} from '../json.js';
import type { CardParity } from './card.js';

const PARITY: Check<CardParity> = object(
  {
    runtime: text,
    optimisation: optional(text),
    jets: count,
    maxAbsDifference: finite,
    scale: optional(positive),
    tolerance: positive,
  },
  'kept',
);

/** Keys of every card. */
export const COMMON = {
  name: text,
  version: optional(text),
  task: text,
  parity: optional(listOf(PARITY)),
  sdkVersion: text,
  licence: optional(text),
  notes: optional(text),
};

/**
 * A card that came from outside.
 *
 * @param agree what must hold between its keys
 * @throws {JetError} BAD_ARGUMENT naming the key
 */
export function cardOf<T>(value: unknown, check: Check<T>, agree: (card: T, at: Place) => void): T {
  const at = { where: 'card', code: 'BAD_ARGUMENT' } as const;
  requireDepth(value, at);
  const card = check(value, at);
  agree(card, at);
  return card;
}
