/** @file Models as the protocol shows them. */
import { JetError } from '@jetsdk/jets';
import { CARD_KEY, GENERATOR_KEY, REGRESSOR_KEY } from '@jetsdk/onnx/card';
import type { Generator } from '../generation/generator.js';
import type { InputPlan } from '../model/plan.js';
import {
  CONSTITUENTS_INPUT,
  GENERATOR_PLATFORM,
  NOISE_INPUT,
  OWN_PLATFORM,
  PROBABILITIES_OUTPUT,
  RECIPE_KEY,
  REGRESSOR_PLATFORM,
  SCORE_OUTPUT,
  SHA256_KEY,
} from '../protocol/keys.js';
import type { Regressor } from '../scoring/regressor.js';
import type { JetArrays, Tagger } from '../scoring/tagger.js';

/** An input as clients see it. */
export interface ServedInput {
  readonly name: string;
  readonly kind: InputPlan['kind'];
  /** of one jet; undefined: any size */
  readonly shape: readonly (number | undefined)[];
}

/** An output as clients see it. */
export interface ServedOutput {
  readonly name: string;
  /** of one jet */
  readonly shape: readonly number[];
  /** numbers of all jets, in order */
  run(x: JetArrays): Promise<Float32Array>;
}

/** A model as the protocol shows it. */
export interface ServedModel {
  readonly name: string;
  readonly version: string;
  readonly metadata: object;
  /** as Triton's extension `model_configuration` has it */
  readonly config: object;
}

/** A network that makes numbers of jets. */
export interface ServedJets extends ServedModel {
  /** of which a request gets one, the first unless it says otherwise */
  readonly outputs: readonly ServedOutput[];
  /** those of the network, all of which a request gives */
  readonly inputs: readonly ServedInput[];
  /** constituents that go through the recipe, which a request gives instead */
  readonly constituents: ServedInput | undefined;
}

/** A network that makes showers or jets. */
export interface ServedGenerator extends ServedModel {
  readonly generator: Generator;
}

export type Served = ServedJets | ServedGenerator;

/** Whoever sends odd jets looks at them on his own side. */
const QUIET = { onWarning: () => undefined };

/** @param maxBatch jets that run together */
export function servedModel(model: Tagger | Regressor | Generator, maxBatch: number): Served {
  return 'generate' in model ? servedGenerator(model, maxBatch) : servedJets(model, maxBatch);
}

/** The same of a model of jets. */
export function servedJets(model: Tagger | Regressor, maxBatch: number): ServedJets {
  return 'correct' in model ? servedRegressor(model, maxBatch) : servedTagger(model, maxBatch);
}

/** @throws {JetError} BAD_ARGUMENT if a name does not fit into an address */
function nameOf({ name: of }: { readonly name: string }): string {
  const name = of.replace(/\.onnx$/i, '');
  if (!/^[^/?#%]{1,200}$/.test(name))
    throw new JetError('BAD_ARGUMENT', `serve: model name ${name} does not fit into an address; expected no / ? # %`, {
      name,
    });
  return name;
}

/** The network itself: images in, images out; its recipe is in the card, for whoever makes its images. */
function servedRegressor(regressor: Regressor, maxBatch: number): ServedJets {
  const { info } = regressor;
  const name = nameOf(info);
  const version = info.card.version ?? '1';
  const inputs = info.inputs.map(({ name: input, kind, shape }): ServedInput => ({ name: input, kind, shape }));
  const { output } = info;
  const sizes = (shape: readonly (number | undefined)[]): number[] => shape.map((size) => size ?? -1);
  return {
    name,
    version,
    inputs,
    constituents: undefined,
    outputs: [{ name: output.name, shape: output.shape, run: async (x) => (await regressor.correct(x, QUIET)).data }],
    metadata: {
      name,
      versions: [version],
      platform: REGRESSOR_PLATFORM,
      inputs: inputs.map((input) => ({ name: input.name, datatype: 'FP32', shape: [-1, ...sizes(input.shape)] })),
      outputs: [{ name: output.name, datatype: 'FP32', shape: [-1, ...output.shape] }],
    },
    config: {
      name,
      platform: REGRESSOR_PLATFORM,
      max_batch_size: maxBatch,
      input: inputs.map((input) => ({ name: input.name, data_type: 'TYPE_FP32', dims: sizes(input.shape) })),
      output: [{ name: output.name, data_type: 'TYPE_FP32', dims: output.shape }],
      parameters: {
        ...(info.sha256 !== undefined && { [SHA256_KEY]: { string_value: info.sha256 } }),
        [REGRESSOR_KEY]: { string_value: JSON.stringify(info.card) },
      },
    },
  };
}

/** Noise and conditions in, showers or jets out. */
function servedGenerator(generator: Generator, maxBatch: number): ServedGenerator {
  const { card, sha256 } = generator.info;
  const name = nameOf(generator.info);
  const version = card.version ?? '1';
  const ports = {
    inputs: [
      { name: NOISE_INPUT, shape: [card.noise] },
      ...card.conditions.map((one) => ({ name: one.name, shape: [1] })),
    ],
    outputs: card.outputs,
  };
  return {
    name,
    version,
    generator,
    metadata: {
      name,
      versions: [version],
      platform: GENERATOR_PLATFORM,
      inputs: ports.inputs.map((input) => ({ name: input.name, datatype: 'FP32', shape: [-1, ...input.shape] })),
      outputs: ports.outputs.map((output) => ({ name: output.name, datatype: 'FP32', shape: [-1, ...output.shape] })),
    },
    config: {
      name,
      platform: GENERATOR_PLATFORM,
      max_batch_size: maxBatch,
      input: ports.inputs.map((input) => ({ name: input.name, data_type: 'TYPE_FP32', dims: input.shape })),
      output: ports.outputs.map((output) => ({ name: output.name, data_type: 'TYPE_FP32', dims: output.shape })),
      parameters: {
        [SHA256_KEY]: { string_value: sha256 },
        [GENERATOR_KEY]: { string_value: JSON.stringify(card) },
      },
    },
  };
}

function servedTagger(tagger: Tagger, maxBatch: number): ServedJets {
  const { info } = tagger;
  const name = nameOf(info);
  const version = info.card?.version ?? '1';
  const inputs: ServedInput[] = info.inputs.map(({ name: input, kind, shape }) => ({
    name: input,
    kind,
    shape: kind === 'constituents' ? [undefined, 4] : shape,
  }));
  const makesImages =
    info.recipe !== undefined &&
    inputs.every(({ kind, name: input }) => kind === 'images' && input !== CONSTITUENTS_INPUT);
  const constituents: ServedInput | undefined = makesImages
    ? { name: CONSTITUENTS_INPUT, kind: 'constituents', shape: [undefined, 4] }
    : undefined;
  const all = constituents === undefined ? inputs : [...inputs, constituents];
  const sizes = (shape: readonly (number | undefined)[]): number[] => shape.map((size) => size ?? -1);
  const { columns } = info.readout;
  const classes = columns > 1 ? columns : (info.card?.classes.length ?? 2);
  const parameters: Record<string, { string_value: string }> = {};
  if (info.sha256 !== undefined) parameters[SHA256_KEY] = { string_value: info.sha256 };
  if (info.card !== undefined) parameters[CARD_KEY] = { string_value: JSON.stringify(info.card) };
  if (info.recipe !== undefined) parameters[RECIPE_KEY] = { string_value: JSON.stringify(info.recipe) };
  return {
    name,
    version,
    outputs: [
      { name: SCORE_OUTPUT, shape: [], run: (x) => tagger.score(x, QUIET) },
      {
        name: PROBABILITIES_OUTPUT,
        shape: [classes],
        run: async (x) => (await tagger.probabilities(x, QUIET)).data,
      },
    ],
    inputs,
    constituents,
    metadata: {
      name,
      versions: [version],
      platform: OWN_PLATFORM,
      inputs: all.map((input) => ({ name: input.name, datatype: 'FP32', shape: [-1, ...sizes(input.shape)] })),
      outputs: [
        { name: SCORE_OUTPUT, datatype: 'FP32', shape: [-1] },
        { name: PROBABILITIES_OUTPUT, datatype: 'FP32', shape: [-1, classes] },
      ],
    },
    config: {
      name,
      platform: OWN_PLATFORM,
      max_batch_size: maxBatch,
      input: all.map((input) => ({ name: input.name, data_type: 'TYPE_FP32', dims: sizes(input.shape) })),
      output: [
        { name: SCORE_OUTPUT, data_type: 'TYPE_FP32', dims: [1], reshape: { shape: [] } },
        { name: PROBABILITIES_OUTPUT, data_type: 'TYPE_FP32', dims: [classes] },
      ],
      parameters,
    },
  };
}
