import { loadTagger, namedInputs } from '@jetsdk/infer';
import { inputSource, memorySource, type Recipe } from '@jetsdk/jets';
import { expect, it } from 'vitest';
import { someJets } from '../server/server.testing.js';
import { fixture, fixtureCard, maxDifference, withCard } from '../testing/fixtures.testing.js';

const recipe: Recipe = {
  format: 'jetsdk-recipe/1',
  name: 'fixture-12',
  steps: [
    { step: 'centre', on: 'centroid' },
    { step: 'pixelate', pixels: 12, halfWidth: 1, channels: ['pt'] },
    // which would change the images again
    { step: 'normalise', by: 'standardise', mean: [3], std: [20] },
  ],
};

it('inputs that a source has made score as the jets that they are made of: the recipe is applied once', async () => {
  await using tagger = await loadTagger(withCard(fixture('scoreNhwc'), fixtureCard({ recipe })), { device: 'cpu' });
  // a whole block, and what is left
  const source = memorySource(someJets(8200));
  const made = await inputSource(source, recipe);
  const scores = await tagger.score(namedInputs(made, tagger.info.inputs[0].name));
  expect(maxDifference(scores, await tagger.score(source))).toBe(0);
});
