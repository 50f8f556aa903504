import { jets, makeImages, namedRecipe, parseRecipe, random, recipeNames } from '@jetsdk/jets';
import { parseJson } from '@jetsdk/jets/json';
import { mutateJson } from '../mutate.mjs';

/** Jets of sizes from denormal to beyond what float32 holds when it is squared. */
const extreme = (() => {
  const stream = random(5);
  const data = new Float32Array(20 * 12 * 4);
  for (let i = 0; i < data.length; i += 4) {
    const size = 10 ** (stream.integer(9) === 0 ? stream.uniform() * 80 - 42 : stream.uniform() * 3);
    const p = [stream.normal() * size, stream.normal() * size, stream.normal() * size].map(Math.fround);
    if (!p.every(Number.isFinite) || stream.integer(6) === 0) continue;
    const energy = Math.fround(Math.hypot(...p) * (1 + 1e-6));
    if (Number.isFinite(energy)) data.set([energy, ...p], i);
  }
  return jets(data, 12);
})();

export default {
  seeds: () => recipeNames.map((name) => namedRecipe(name)),
  mutate: mutateJson,
  read(text) {
    const recipe = parseRecipe(parseJson(text, 'recipe.json'));
    const pixels = recipe.steps.find(({ step }) => step === 'pixelate');
    if (pixels === undefined || pixels.pixels > 300) return;
    const { data } = makeImages(recipe, extreme);
    const wrong = data.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new Error(`pixel ${wrong} is ${data[wrong]}`);
  },
};
