/** @file Servers on this machine for tests, and jets to send them. */
import type { JetArrays, Tagger } from '@jetsdk/infer';
import { type InferenceServer, type ServeOptions, serveModels } from '@jetsdk/infer/server';
import { type Jets, jets, type Recipe, recipeHash } from '@jetsdk/jets';
import { expect, onTestFinished } from 'vitest';
import { fixture, fixtureCard, fixturePixels, withCard } from '../testing/fixtures.testing.js';

const recipe: Recipe = {
  format: 'jetsdk-recipe/1',
  name: 'fixture-12',
  steps: [
    { step: 'centre', on: 'centroid' },
    { step: 'pixelate', pixels: 12, halfWidth: 1, channels: ['pt'] },
    { step: 'normalise', by: 'sum' },
  ],
};

/** The model `scoreNhwc` with a recipe that makes its images. */
export const modelWithRecipe = (): Uint8Array =>
  withCard(fixture('scoreNhwc'), fixtureCard({ version: '3', recipe, recipeHash: recipeHash(recipe) }));

/** Jets of some constituents each. */
export function someJets(count: number, constituents = 7): Jets {
  const u = fixturePixels(count * constituents * 32).filter((x) => x > 0);
  const data = new Float32Array(count * constituents * 4);
  for (let i = 0; i < data.length / 4; i++) {
    const [pt, eta, phi] = [1 + 50 * u[3 * i], u[3 * i + 1] - 0.5, u[3 * i + 2] - 0.5];
    data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], 4 * i);
  }
  return jets(data, constituents);
}

/** A server that is closed after the test. */
export async function serve(taggers: readonly Tagger[], options: ServeOptions = {}): Promise<InferenceServer> {
  const server = await serveModels(taggers, { port: 0, drainMs: 500, ...options });
  onTestFinished(() => server.close());
  return server;
}

/** A tagger that scores nothing before `open` is called. */
export function gated(tagger: Tagger): { tagger: Tagger; open(): void; calls(): number } {
  let open = (): void => undefined;
  let calls = 0;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const score = async (x: Parameters<Tagger['score']>[0]): Promise<Float32Array> => {
    calls++;
    await gate;
    return tagger.score(x);
  };
  return { tagger: { ...tagger, score }, open, calls: () => calls };
}

/** The request of an image model as JSON. */
export function imageRequest({ shape, data }: Extract<JetArrays, { kind: 'images' }>, name = 'images'): string {
  return JSON.stringify({ inputs: [{ name, datatype: 'FP32', shape, data: Array.from(data) }] });
}

export function post(url: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/infer`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
}

/** The scores of a JSON answer. */
export async function scoresOf(response: Response): Promise<Float32Array> {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const { outputs } = (await response.json()) as { outputs: [{ data: number[] }] };
  return Float32Array.from(outputs[0].data);
}

/** What the server says of a request that failed. */
export async function errorOf(response: Response): Promise<{ status: number; error: string; code: string }> {
  expect(response.headers.get('content-type')).toMatch('application/json');
  return { status: response.status, ...((await response.json()) as { error: string; code: string }) };
}
