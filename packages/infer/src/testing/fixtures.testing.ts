/** @file The models in ../fixtures and what they give. */
import { readFileSync } from 'node:fs';
import { isJetError, type JetErrorCode, type JetImages, joinBytes, type ModelCard, SDK_VERSION } from '@jetsdk/jets';
import { CARD_KEY } from '@jetsdk/onnx/card';

const folder = new URL('../../fixtures/', import.meta.url);

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${name}.onnx`, folder)));
}

/** Outputs for 5 jets of `fixturePixels`, by onnx's reference evaluator. */
export const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<
  string,
  readonly (readonly number[])[]
>;

/** The signal column: the last one. */
export function expectedScores(name: string): number[] {
  return expected[name].map((row) => row.at(-1)!);
}

/** The same sparse pixels as in make.py. */
export function fixturePixels(count: number): Float32Array {
  const pixels = new Float32Array(count);
  let z = 1;
  for (let i = 0; i < count; i++) {
    z = (Math.imul(z, 1664525) + 1013904223) >>> 0;
    if ((z >>> 16) % 8 === 0) pixels[i] = ((z >>> 8) & 255) / 256;
  }
  return pixels;
}

export function fixtureImages(
  jets: number,
  [height, width, channels]: readonly [number, number, number] = [12, 12, 1],
): JetImages {
  return {
    kind: 'images',
    shape: [jets, height, width, channels],
    data: fixturePixels(jets * height * width * channels),
  };
}

export function maxDifference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < got.length; i++) {
    const difference = Math.abs(got[i] - wanted[i]);
    if (!(difference <= most)) most = difference;
  }
  return most;
}

/** A card for the model `scoreNhwc`. */
export function fixtureCard(changes: Partial<ModelCard> = {}): ModelCard {
  return {
    format: 'jetsdk-card/1',
    name: 'fixture',
    version: '1.0.0',
    task: 'top tagging',
    classes: ['QCD', 'top'],
    signalClass: 'top',
    input: { kind: 'images', name: 'images', shape: [12, 12, 1], layout: 'NHWC' },
    output: { name: 'y', kind: 'score' },
    sdkVersion: SDK_VERSION,
    licence: 'MIT',
    ...changes,
  };
}

/** The model with a card in its metadata: fields of a protocol buffer may follow in any order. */
export function withCard(model: Uint8Array, card: unknown): Uint8Array {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const field = (number: number, content: Uint8Array): Uint8Array => {
    const head = [number * 8 + 2];
    for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
      head.push(rest < 128 ? rest : (rest & 127) | 128);
      if (rest < 128) break;
    }
    return joinBytes([Uint8Array.from(head), content]);
  };
  const json = typeof card === 'string' ? card : JSON.stringify(card);
  return joinBytes([model, field(14, joinBytes([field(1, bytes(CARD_KEY)), field(2, bytes(json))]))]);
}

/** What work fails with, which must be a JetError. */
export async function failure(work: Promise<unknown>): Promise<{ code: JetErrorCode; message: string }> {
  const error = await work.then(
    () => new Error('no error'),
    (caught: unknown) => caught,
  );
  if (!isJetError(error)) throw error;
  return { code: error.code, message: error.message };
}
