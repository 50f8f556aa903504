/** @file A tagger as the protocol shows it. */
import { JetError } from '@jetsdk/jets';
import { CARD_KEY } from '@jetsdk/onnx/card';
import type { InputPlan } from '../model/plan.js';
import {
  CONSTITUENTS_INPUT,
  OWN_PLATFORM,
  PROBABILITIES_OUTPUT,
  RECIPE_KEY,
  SCORE_OUTPUT,
  SHA256_KEY,
} from '../protocol/keys.js';
import type { Tagger } from '../scoring/tagger.js';

/** An input as clients see it. */
export interface ServedInput {
  readonly name: string;
  readonly kind: InputPlan['kind'];
  /** of one jet; undefined: any size */
  readonly shape: readonly (number | undefined)[];
}

export interface ServedTagger {
  readonly name: string;
  readonly version: string;
  readonly tagger: Tagger;
  /** those of the network, all of which a request gives */
  readonly inputs: readonly ServedInput[];
  /** constituents that go through the recipe, which a request gives instead */
  readonly constituents: ServedInput | undefined;
  /** columns of the probabilities of all classes */
  readonly classes: number;
  readonly metadata: object;
  /** as Triton's extension `model_configuration` has it */
  readonly config: object;
}

/** @param maxBatch jets that are scored together */
export function servedTagger(tagger: Tagger, maxBatch: number): ServedTagger {
  const { info } = tagger;
  const name = info.name.replace(/\.onnx$/i, '');
  if (!/^[^/?#%]{1,200}$/.test(name))
    throw new JetError('BAD_ARGUMENT', `serve: model name ${name} does not fit into an address; expected no / ? # %`, {
      name,
    });
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
    tagger,
    inputs,
    constituents,
    classes,
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
