import { describe, expect, it } from 'vitest';
import { isJetError } from '../errors.js';
import { type Jets, jetImages, jets } from '../jets.js';
import { jetKinematics } from '../observables.js';
import { correctedJets } from './correctedJets.js';
import { namedRecipe } from './named.js';

const particle = (pt: number, eta: number, phi: number): number[] => [
  pt * Math.cosh(eta),
  pt * Math.cos(phi),
  pt * Math.sin(phi),
  pt * Math.sinh(eta),
];

/** Two leading tracks, one of pile-up, one neutral, one leading track outside of the radius. */
const TRACKS = [particle(50, 0.1, 0.05), particle(20, -0.2, 0.1), particle(9, 0, 0), particle(7, 0.1, 0)];
const cloud: Jets = {
  ...jets(Float32Array.from([...TRACKS, particle(5, 0.4, 0.2)].flat()), 5),
  charge: Int8Array.of(1, -1, 1, 0, 1),
  vertex: Int8Array.of(0, 0, 3, 0, 0),
};
const recipe = namedRecipe('pumml');
const halfWidth = 0.45;

function imageWith(pixels: Readonly<Record<number, number>>) {
  const data = new Float32Array(81);
  for (const [at, pt] of Object.entries(pixels)) data[Number(at)] = pt;
  return jetImages(data, [9, 9, 1]);
}

describe('correctedJets', () => {
  it('adds the pixels of the image to the leading tracks, those within the radius', () => {
    // pixel (row, column) lies at 0.1 (row − 4), 0.1 (column − 4); the corner is out
    const image = imageWith({ [4 * 9 + 4]: 30, [5 * 9 + 3]: 10, 0: 99 });
    const expected = jetKinematics(
      jets(Float32Array.from([TRACKS[0]!, TRACKS[1]!, particle(30, 0, 0), particle(10, 0.1, -0.1)].flat()), 4),
    );
    const { pt, mass } = correctedJets(image, cloud, { recipe, halfWidth });
    expect(pt[0]).toBeCloseTo(expected.pt[0]!, 4);
    expect(mass[0]).toBeCloseTo(expected.mass[0]!, 4);
    const wide = correctedJets(imageWith({}), cloud, { recipe, halfWidth, radius: 1 });
    expect(wide.pt[0]).toBeGreaterThan(74);
  });

  it('refuses other jets, and jets without vertices', () => {
    const code = (run: () => unknown): unknown => {
      try {
        run();
      } catch (error) {
        return isJetError(error) && error.code;
      }
      return 'no error';
    };
    const two = jetImages(new Float32Array(162), [9, 9, 1]);
    expect(code(() => correctedJets(two, cloud, { recipe, halfWidth }))).toBe('SHAPE_MISMATCH');
    const { vertex: _, ...bare } = cloud;
    expect(code(() => correctedJets(imageWith({}), bare, { recipe, halfWidth }))).toBe('BAD_DATASET');
  });
});
