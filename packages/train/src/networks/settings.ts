/** @file The settings that a network declares, by their dotted names. */
import { JetError, quoted } from '@jetsdk/jets';
import type { NetworkSettings } from './network.js';

type Value = number | string | boolean;

/** Every setting under its dotted name, e.g. `hidden.units`. */
export function flatSettings(settings: NetworkSettings = {}): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      typeof value === 'object'
        ? Object.entries(flatSettings(value)).map(([rest, inner]) => [`${name}.${rest}`, inner])
        : [[name, value]],
    ),
  );
}

/**
 * Settings with others in their place.
 *
 * @param chosen by dotted names; a text stands for the number or flag that the setting is
 * @throws {JetError} BAD_ARGUMENT for a name that the network does not declare, or a value of another type
 */
export function withSettings<S extends NetworkSettings>(
  network: string,
  declared: S,
  chosen: Readonly<Record<string, Value>>,
): S {
  const known = flatSettings(declared);
  for (const name of Object.keys(chosen))
    if (!Object.hasOwn(known, name))
      throw new JetError(
        'BAD_ARGUMENT',
        `${network}: no setting ${quoted(name)}; expected ${Object.keys(known).join(', ') || 'none, it declares no settings'}`,
        { setting: name },
      );
  const replaced = (settings: NetworkSettings, before: string): NetworkSettings =>
    Object.fromEntries(
      Object.entries(settings).map(([key, value]) => {
        const name = `${before}${key}`;
        if (typeof value === 'object') return [key, replaced(value, `${name}.`)];
        return [key, Object.hasOwn(chosen, name) ? valueLike(value, chosen[name], `${network}, ${name}`) : value];
      }),
    );
  return replaced(declared, '') as S;
}

function valueLike(declared: Value, given: Value, where: string): Value {
  if (typeof given === typeof declared) return given;
  if (typeof given === 'string') {
    if (typeof declared === 'number' && given.trim() !== '' && Number.isFinite(Number(given))) return Number(given);
    if (typeof declared === 'boolean' && (given === 'true' || given === 'false')) return given === 'true';
  }
  throw new JetError(
    'BAD_ARGUMENT',
    `${where}: got ${quoted(given)}; expected ${typeof declared === 'boolean' ? 'true or false' : `a ${typeof declared}`}, as ${quoted(declared)}`,
  );
}
