/** @file A run, an ONNX file or a reference model, ready to be compared with others. */
import { existsSync } from 'node:fs';
import { basename, join, normalize } from 'node:path';
import type { Tagger } from '@jetsdk/infer';
import { type CardTraining, type ModelCard, trainingsOf } from '@jetsdk/jets';
import { loadRun, selectBackend } from '@jetsdk/train';
import { uncertifiedExport } from './exporting.js';
import { loadBytes, tellOddities } from './loading.js';
import { readModel } from './modelFile.js';
import { type NetworkSummary, summariseArtifacts, summariseOnnx } from './networkSummary.js';

export interface Contender {
  readonly name: string;
  readonly tagger: Tagger;
  /** of every network where it is the mean of several; none where the model does not say */
  readonly trainings: readonly CardTraining[];
  readonly summary: NetworkSummary;
}

/** Names of contenders: the last part of their paths, whole paths where that is not unique. */
export function contenderNames(paths: readonly string[]): readonly string[] {
  const whole = paths.map((path) => normalize(path).replace(/\/$|\.onnx$/, ''));
  const short = whole.map((path) => basename(path));
  return short.map((name, i) => (short.indexOf(name) === short.lastIndexOf(name) ? name : whole[i]));
}

/**
 * Loads what is named; dispose of its tagger after use.
 *
 * @param what folder of a run, ONNX file, or a name from `jetsdk models`
 * @param name what it is called beside the others
 * @throws {JetError} as `loadRun`, `exportModel` and `loadTagger`
 */
export async function contender(what: string, name: string): Promise<Contender> {
  if (!existsSync(join(what, 'run.json'))) {
    const bytes = await readModel(what);
    const tagger = await loadBytes(bytes);
    tellOddities(what, tagger);
    return { name, tagger, trainings: trained(tagger.info.card), summary: summariseOnnx(name, bytes) };
  }
  await selectBackend('wasm');
  const run = await loadRun(what);
  const { bytes, card } = uncertifiedExport(run, { name });
  const tagger = await loadBytes(bytes);
  return { name, tagger, trainings: trained(card), summary: await summariseArtifacts(name, run.artifacts) };
}

const trained = (card: ModelCard | undefined): readonly CardTraining[] => (card === undefined ? [] : trainingsOf(card));
