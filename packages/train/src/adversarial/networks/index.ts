import type { Gan } from '../gan.js';
import { calogan } from './calogan.js';
import { lagan } from './lagan.js';

/** Every generative adversarial network, by the name the command line uses. */
export const gans = { lagan, calogan } as const satisfies Readonly<Record<string, Gan>>;

/** A name of `gans`. */
export type GanName = keyof typeof gans;
