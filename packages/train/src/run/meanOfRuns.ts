import { type CardMean, canonicalJson, JetError, type LayerArtifacts, quoted, recipeHash } from '@jetsdk/jets';
import type { Inputs } from '../data/inputs.js';
import { predict } from '../fit/predict.js';
import { artifactsOf } from '../model/artifacts.js';
import { meanModel } from '../model/meanModel.js';
import type { LoadedRun } from './loadRun.js';
import { trainingFacts } from './trainingFacts.js';

/** A training and its name, such as its folder. */
export type NamedRun = readonly [name: string, run: LoadedRun];

/** Several trainings of one network as one network. */
export interface MeanOfRuns {
  /** `exportModel` takes them; TensorFlow.js makes no model of them, since weights of all runs have the same names */
  readonly artifacts: LayerArtifacts;
  /** what it gives for the inputs, (jets × outputs) row-major */
  readonly outputs: Float32Array;
  readonly facts: CardMean;
}

/**
 * The mean of what several trainings say of a jet, with `mirrored` also over the images of it that they drew.
 *
 * @param runs at least one; a backend must have been selected
 * @param inputs jets of the shape the network takes; not modified
 * @param options.mirrored whether each network also sees the jet mirrored along every axis of the augmentation `flip`
 * @throws {JetError} BAD_ARGUMENT if they are not trainings of one network on the same jets with different seeds, or drew no mirror
 *   images that are asked for; as `predict`
 */
export async function meanOfRuns(
  runs: readonly NamedRun[],
  inputs: Inputs,
  options: { readonly mirrored: boolean },
): Promise<MeanOfRuns> {
  requireAlike(runs, options);
  const images = options.mirrored ? mirrorImages(runs) : undefined;
  const all = runs.map(([, run]) => run);
  const seen = images ?? [[]];
  const network = await meanModel(
    all.map(({ artifacts }) => artifacts),
    seen,
  );
  try {
    return {
      artifacts: await artifactsOf(network),
      outputs: await predict(network, inputs, { batchSize: Math.ceil(256 / all.length / seen.length) }),
      facts: { trainings: all.map(trainingFacts), ...(images && { images }) },
    };
  } finally {
    // TensorFlow.js counts every call of a network within another, and would not dispose of it
    for (const weight of network.weights) weight.dispose();
  }
}

/**
 * Asks that `meanOfRuns` takes these runs, before jets are read for it.
 *
 * @throws {JetError} BAD_ARGUMENT as `meanOfRuns`
 */
export function requireAlike(runs: readonly NamedRun[], { mirrored }: { readonly mirrored: boolean }): void {
  const [[first, one], ...others] = runs;
  const ours = likeness(one);
  for (const [name, other] of others) {
    const theirs = likeness(other);
    const what = Object.keys(ours).find((key) => canonicalJson(ours[key].value) !== canonicalJson(theirs[key].value));
    if (what === undefined) continue;
    const [here, there] = [ours, theirs].map((all) => all[what].told ?? all[what].value);
    throw new JetError(
      'BAD_ARGUMENT',
      `mean of runs: ${what} of ${first} ${quoted(here)}, of ${name} ${quoted(there)}; expected trainings of one network on the same jets, as \`jetsdk train --seeds\` makes them; export them one by one`,
      { [first]: here, [name]: there },
    );
  }
  const seeds = runs.map(([name, { run }]) => ({ name, seed: run.settings.seed }));
  const twice = seeds.find(({ seed }, i) => seeds.findIndex((before) => before.seed === seed) < i);
  if (twice !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `mean of runs: seed ${twice.seed} of ${seeds.flatMap(({ name, seed }) => (seed === twice.seed ? [name] : [])).join(' and ')}; expected another seed for each; leave one out`,
      { seed: twice.seed },
    );
  if (mirrored) mirrorImages(runs);
}

/** What must be the same in all, and what people are told of it; null where there is none. */
function likeness({ run }: LoadedRun): Readonly<Record<string, { readonly value: unknown; readonly told?: unknown }>> {
  const { settings, networkSettings, source, inputShape, outputs, recipe, initial, dataset } = run;
  const { name, fingerprint, trainJets, validationJets, classes } = dataset;
  return {
    network: { value: settings.network },
    'settings of the network': { value: networkSettings ?? null },
    'SHA-256 of the network': { value: source?.sha256 ?? null },
    recipe: { value: recipe === undefined ? null : `${recipe.name} ${recipeHash(recipe)}` },
    'shape of a jet': { value: inputShape },
    outputs: { value: outputs },
    classes: { value: classes ?? null },
    'jets behind the first weights': { value: initial?.dataset ?? null },
    data: { value: fingerprint, told: { name, trainJets, validationJets, fingerprint: fingerprint.slice(0, 12) } },
  };
}

/** The image as it is, and mirrored along each axis and along both. */
function mirrorImages(runs: readonly NamedRun[]): NonNullable<CardMean['images']> {
  const drawn = runs.map(([name, { run }]) => ({ name, flip: [...new Set(run.settings.augmentation?.flip)].sort() }));
  const [{ name: first, flip }] = drawn;
  const other = drawn.find((one) => one.flip.join() !== flip.join());
  if (other !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `mean of runs: --flip of ${first} ${quoted(flip)}, of ${other.name} ${quoted(other.flip)}; expected the same mirror images in all; leave --mirrors out`,
      { flip, other: other.flip },
    );
  if (flip.length === 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `mean of runs: ${first} drew mirror images along 0 axes; expected a training with --flip eta, phi or eta,phi; leave --mirrors out`,
      { flip },
    );
  const along = flip.map((axis) => [axis]);
  return [[], ...along, ...(along.length > 1 ? [flip] : [])];
}
