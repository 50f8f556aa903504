/** @file A trained network as an ONNX file that is proven equal and says what it is. */
import {
  type CardParity,
  type CardPrecision,
  type Jets,
  type LayerArtifacts,
  type ModelCard,
  type Recipe,
  requireMembers,
} from '@jetsdk/jets';
import { withCard } from '@jetsdk/onnx';
import { type CertifyOptions, certify } from '../certify/certify.js';
import { certifyLowered } from '../certify/certifyLowered.js';
import type { ModelInputs } from '../certify/feeds.js';
import type { OpenModel } from '../certify/runnableModel.js';
import { type ExportOptions, exportModel } from '../exportModel.js';
import { lowerRecipe } from '../preprocessing/lowerRecipe.js';
import { quantise } from '../quantise.js';
import { type CardFacts, newCard } from './newCard.js';

/** An ONNX file with its card inside. */
export interface CertifiedModel {
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
}

export interface CertifyExportOptions {
  /** what the network is compared on, as it sees it */
  readonly calibration: ModelInputs;
  /** what the trained network gives for these, (examples × outputs); by name where there are several outputs */
  readonly reference: CertifyOptions['reference'];
  readonly open: OpenModel;
  /** as of `certify` */
  readonly tolerance?: number;
  /** as of `exportModel` */
  readonly inputShapes?: ExportOptions['inputShapes'];
}

/**
 * Exports a network, runs the file and compares it with what the network gives; the file has no card.
 *
 * @param artifacts not modified
 * @throws {JetError} PARITY_FAILED if an output differs by more than the tolerance; as `exportModel` and `certify`
 */
export async function certifiedGraph(
  artifacts: LayerArtifacts,
  { calibration: inputs, inputShapes, ...options }: CertifyExportOptions,
) {
  const exported = exportModel(artifacts, { ...(inputShapes && { inputShapes }) });
  const parity = await certify({ bytes: exported.bytes, inputs, ...options });
  return { ...exported, parity };
}

/**
 * As `certifiedGraph`, with a card that holds the certificate.
 *
 * @param facts what the graph does not tell
 * @throws {JetError} as `certifiedGraph` and `newCard`
 */
export async function certifiedExport(
  artifacts: LayerArtifacts,
  facts: CardFacts,
  options: CertifyExportOptions,
): Promise<CertifiedModel> {
  requireMembers('certifiedExport', artifacts, ['topology', 'weights'], 'a trained network; artifactsOf gives one');
  requireMembers('certifiedExport', facts, ['name'], 'facts for the card; cardFacts gives those of a run');
  const { parity, ...exported } = await certifiedGraph(artifacts, options);
  return withFacts({ bytes: exported.bytes, card: newCard(exported, facts) }, { parity: [parity] });
}

/** The model with some facts of its card set, in the file and beside it. @throws {JetError} as `withCard` */
export function withFacts(
  { bytes, card }: CertifiedModel,
  facts: Pick<ModelCard, 'metrics' | 'parity' | 'precision'>,
): CertifiedModel {
  const changed = { ...card, ...facts };
  return { bytes: withCard(bytes, changed), card: changed };
}

/**
 * The same network with its weights stored more coarsely. Its card keeps no certificate: what the change costs is to be
 * measured, and belongs into `precision` of the card.
 *
 * @param model float32, as `certifiedExport` makes it of the artifacts
 * @param calibration inputs as the network sees them: they set the ranges of int8
 * @throws {JetError} as `exportModel` and `quantise`
 */
export async function reducePrecision(
  artifacts: LayerArtifacts,
  model: CertifiedModel,
  weights: CardPrecision['weights'],
  { calibration, open }: Pick<CertifyExportOptions, 'calibration' | 'open'>,
): Promise<CertifiedModel> {
  const bytes =
    weights === 'float16'
      ? exportModel(artifacts, { precision: 'float16' }).bytes
      : await quantise({ bytes: model.bytes, calibration, open });
  const { parity: _, ...card } = model.card;
  return withFacts({ bytes, card }, {});
}

/** A model that takes constituents, and how many of the jets compared sit on the edge of a bin. */
export interface SelfContainedModel extends CertifiedModel {
  readonly parity: CardParity;
  readonly onEdge: number;
}

/**
 * Puts the recipe into the graph, which then takes constituents (n, m, 4).
 *
 * @param jets on which the result is compared with recipe and image model
 * @throws {JetError} PARITY_FAILED if a score differs by more than 1e-5; UNSUPPORTED for steps that have no operators
 */
export async function withPreprocessing(
  model: CertifiedModel,
  recipe: Recipe,
  jets: Jets,
  open: OpenModel,
): Promise<SelfContainedModel> {
  const bytes = lowerRecipe(recipe, model.bytes);
  const { onEdge, ...parity } = await certifyLowered({
    bytes,
    imageModel: model.bytes,
    recipe,
    jets,
    open,
  });
  const card: ModelCard = {
    ...model.card,
    input: { kind: 'constituents', name: 'constituents', shape: [jets.shape[1], 4], layout: 'NMC' },
  };
  return { ...withFacts({ bytes, card }, { parity: [parity] }), parity, onEdge };
}
