import { jets, memorySource, random, takeJets } from '@jetsdk/jets';
import { openJets, writeJets } from '@jetsdk/jets/files';

/**
 * Writes jets of three classes: QCD (0) and top (2) of the sample, and between them (1) made-up jets of two prongs,
 * as those of a W boson are. Classes take turns.
 *
 * @param perClass jets of each
 */
export async function writeThreeClasses(path: string, sample: string, perClass: number, seed = 1): Promise<void> {
  const source = await openJets(sample);
  const [, constituents = 0] = [source.count, ...source.jetShape];
  const labels = (await source.labels()) ?? new Uint8Array(0);
  const of = (label: number): Uint32Array =>
    Uint32Array.from(labels.keys())
      .filter((jet) => labels[jet] === label)
      .slice(0, perClass);
  const [qcd, top] = [await takeJets(source, of(0)), await takeJets(source, of(1))];
  source.close();
  const size = constituents * 4;
  const data = new Float32Array(3 * perClass * size);
  for (let jet = 0; jet < perClass; jet++) {
    data.set(qcd.data.subarray(jet * size, (jet + 1) * size), 3 * jet * size);
    data.set(twoProngs(constituents, random(1000 * seed + jet)), (3 * jet + 1) * size);
    data.set(top.data.subarray(jet * size, (jet + 1) * size), (3 * jet + 2) * size);
  }
  await writeJets(
    path,
    memorySource(jets(data, constituents), { labels: Uint8Array.from({ length: 3 * perClass }, (_, i) => i % 3) }),
  );
}

/** (constituents, 4) of one jet, leading first: E, px, py, pz in GeV. */
function twoProngs(constituents: number, stream: ReturnType<typeof random>): Float32Array {
  const jet = new Float32Array(constituents * 4);
  const angle = 2 * Math.PI * stream.uniform();
  for (let i = 0; i < Math.min(30, constituents); i++) {
    const side = i % 2 === 0 ? 0.2 : -0.2;
    const pt = 160 / (1 + i);
    const eta = side * Math.cos(angle) + 0.02 * stream.normal();
    const phi = side * Math.sin(angle) + 0.02 * stream.normal();
    jet.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], 4 * i);
  }
  return jet;
}
