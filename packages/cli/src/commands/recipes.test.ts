import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeImages, namedRecipe, parseRecipe, recipeNames } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { describe, expect, it } from 'vitest';
import { useCommands } from './command.testing.js';
import { addRecipes } from './recipes.js';

const sample = join(import.meta.dirname, '../../../../data/test.h5');
const { at, call } = useCommands();

async function recipes(...args: string[]): Promise<string> {
  const { outcome, stdout } = await call(addRecipes, ...args);
  return outcome === 'done' ? stdout : outcome;
}

describe('jetsdk recipes', () => {
  it('lists every recipe with the images it makes', async () => {
    const listed = await recipes();
    for (const name of recipeNames) expect(listed).toContain(name);
    expect(listed).toMatch(/higgs-48-views +48×48×2/);
  });

  it('shows a recipe, and writes the file that --recipe takes', async () => {
    expect(await recipes('course-30-sum')).toMatch(/rotate +by second; minDeltaR 0.35; mode lorentz; onto -phi/);
    const json = await recipes('course-30-sum', '--json');
    expect(parseRecipe(JSON.parse(json))).toEqual(namedRecipe('course-30-sum'));
    writeFileSync(at('mine.json'), JSON.stringify({ ...JSON.parse(json), name: 'mine' }));
    expect(await recipes(at('mine.json'))).toContain('mine: as course-30-sum, course-30, each image');
  });

  it('tries a recipe on a jet: masses after each step, the image in numbers, a drawing', async () => {
    const said = await recipes('course-30', sample, '--jet', '7', '--draw', at('jet.svg'));
    expect(said).toMatch(/rotated +[\d.]+ +[\d.]+/);
    const source = await openJets(sample);
    const jet = await source.read(7, 8);
    source.close();
    if (jet.kind === 'images') throw new Error('the sample holds constituents');
    const { data } = makeImages(namedRecipe('course-30'), jet);
    expect(JSON.parse(await recipes('course-30', sample, '--jet', '7', '--json'))).toEqual([
      { image: 'image', shape: [30, 30, 1], pixels: [...data] },
    ]);
    expect(said).toContain(` ${data.filter((pixel) => pixel > 0).length} `);
    expect(readFileSync(at('jet.svg'), 'utf8')).toMatch(/^<svg.*flipped.*pixelated/s);
  });

  it('draws a file for each image of a recipe that makes several', async () => {
    const image = (name: string, pixels: number) => ({
      step: 'pixelate',
      image: name,
      pixels,
      halfWidth: 1,
      channels: ['pt'],
    });
    const several = {
      format: 'jetsdk-recipe/1',
      name: 'two',
      steps: [{ step: 'centre', on: 'jet' }, image('coarse', 9), image('fine', 36)],
    };
    writeFileSync(at('two.json'), JSON.stringify(several));
    expect(await recipes(at('two.json'), sample, '--draw', at('jet.svg'))).toMatch(/coarse +9×9×1.*fine +36×36×1/s);
    expect(readdirSync(at()).sort()).toEqual(['jet-coarse.svg', 'jet-fine.svg', 'two.json']);
  });

  it.each([
    [['nope'], /^BAD_ARGUMENT recipe: no recipe named nope; expected one of iml-40/],
    [['course-30', '--jet', '1'], /^BAD_ARGUMENT recipes: option --jet without jets; expected a file/],
    [['course-30', sample, '--jet', '4000'], /^OUT_OF_RANGE recipes: jet 4000 of .*; expected 0 to 3999$/],
    [['course-30', 'nowhere.h5'], /^FILE_NOT_FOUND/],
  ])('refuses %j', async (args, error) => {
    expect(await recipes(...args)).toMatch(error);
  });
});
