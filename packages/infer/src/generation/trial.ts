/** @file A device is tried before it is used: what it makes beside the reference, and how long it takes for it. */
import { type GeneratorCard, JetError } from '@jetsdk/jets';
import type { Device, Session, SessionSettings } from '../runtime/runtime.js';
import { checkRequest } from './request.js';

/** Rows that a device is compared on. */
const TESTED = 16;
/** How far it may be from the reference, in units of the output's scale. */
const TOLERANCE = 1e-4;
/** Milliseconds for opening a model and making these rows: a graphics card takes seconds, software that stands in for one minutes. */
const LIMIT_MS = 60_000;

/**
 * Opens a model on a device that makes what the reference makes.
 *
 * @throws {JetError} PARITY_FAILED if it makes something else; DEVICE_UNAVAILABLE if it takes too long, which is then not waited for
 */
export async function openTried(
  card: GeneratorCard,
  device: Device,
  reference: SessionSettings,
  open: (settings: SessionSettings) => Promise<Session>,
): Promise<Session> {
  const { feeds, names } = madeUp(card, TESTED);
  const known = await open(reference);
  const wanted = await known.run(feeds, names);
  await known.release();
  const trial = async () => {
    const session = await open({ ...reference, device });
    return { session, got: await session.run(feeds, names) };
  };
  const { session, got } = await within(
    LIMIT_MS,
    trial(),
    () =>
      new JetError(
        'DEVICE_UNAVAILABLE',
        `device ${device}: not done with ${TESTED} of ${card.name} after ${LIMIT_MS / 1000} s; expected a second or so of a graphics card; likely software that stands in for one; use ${reference.device}, and load the page again`,
        { device },
      ),
  );
  try {
    for (const name of names)
      requireAlike(name, wanted[name].data, got[name].data, { device, reference: reference.device });
    return session;
  } catch (error) {
    await session.release();
    throw error;
  }
}

function requireAlike(
  name: string,
  wanted: Float32Array,
  got: Float32Array,
  { device, reference }: { readonly device: Device; readonly reference: Device },
): void {
  let [squares, worst] = [0, 0];
  wanted.forEach((value, i) => {
    squares += value * value;
    const difference = Math.abs(value - got[i]);
    if (!(difference <= worst)) worst = difference;
  });
  const scale = Math.max(1, Math.sqrt(squares / wanted.length));
  if (!(worst <= TOLERANCE * scale))
    throw new JetError(
      'PARITY_FAILED',
      `device ${device}: output ${name} differs from ${reference} by ${worst.toExponential(1)} at a scale of ${scale.toPrecision(3)}; expected at most ${TOLERANCE} of it; use ${reference}`,
      { device, maxAbsDifference: worst, scale },
    );
}

/** Waits for work, but not longer than that. @param late what is thrown then; the work goes on, and nobody hears of it */
export async function within<T>(milliseconds: number, work: Promise<T>, late: () => JetError): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Inputs within the ranges of the card, and the outputs that they give. */
export function madeUp(card: GeneratorCard, count: number) {
  const conditions = Object.fromEntries(
    card.conditions.map(({ name, range: [low, high], whole }) => [name, whole ? low : { low, high }]),
  );
  return {
    feeds: checkRequest(card, count, { seed: 1, conditions }).feeds(0, count),
    names: card.outputs.map(({ name }) => name),
  };
}
