import { JetError, parseRecipe } from '@jetsdk/jets';
import { parseJson } from '@jetsdk/jets/json';
import { CARD_KEY, cardFromJson } from '@jetsdk/onnx/card';
import { makePlan, momentaOf, type Plan, rangeOf } from '../model/plan.js';
import { requirePrecision } from '../model/precision.js';
import { makeRegressorPlan } from '../model/regressorPlan.js';
import type { ServedModel } from '../model/servedModel.js';
import type { LoadOptions, LoadRegressorOptions } from '../options.js';
import { DEFAULT_TIMEOUT_MS } from '../protocol/http.js';
import {
  CONSTITUENTS_INPUT,
  GENERATOR_PLATFORM,
  OWN_PLATFORM,
  RECIPE_KEY,
  REGRESSOR_PLATFORM,
  SCORE_OUTPUT,
  SHA256_KEY,
} from '../protocol/keys.js';
import { makeRegressor, type Regressor } from '../scoring/regressor.js';
import { makeTagger, type Tagger } from '../scoring/tagger.js';
import { remote } from './client.js';
import { fetchModelInfo, type ServedModelInfo } from './modelInfo.js';
import { remoteEngine } from './remoteEngine.js';

/**
 * A tagger whose jets are scored by a server of the Open Inference Protocol v2: our own, which applies the model's
 * recipe itself, or any other, such as NVIDIA Triton, for which images are made here.
 *
 * @throws {JetError} REMOTE if the server cannot be reached or speaks otherwise; BAD_ARGUMENT for options that only a
 *   local model has; BAD_FILE if the model's SHA-256 is another; as `makePlan`; CANCELLED
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
 */
export async function loadRemote(served: ServedModel, options: LoadOptions): Promise<Tagger> {
  const { info, sha256 } = await askAbout(served, options);
  requireNoGenerator(served, info);
  const { plan, card } =
    info.platform === OWN_PLATFORM ? ownPlan(served, info, options) : foreignPlan(served, info, options);
  const precision = card === undefined ? undefined : (card.precision?.weights ?? 'float32');
  requirePrecision(served.model, precision, options.precision);
  const { engine, ran } = engineOf(served, info, plan, options);
  return makeTagger(engine, plan, { card, recipe: plan.recipe, readout: plan.readout, precision, sha256, ...ran });
}

/**
 * A regressor that a server of the Open Inference Protocol v2 runs. Its images are made here, by the recipe of its card.
 *
 * @throws {JetError} as `loadRemote`; BAD_MODEL for a model without the card of a regressor
 */
export async function loadRemoteRegressor(served: ServedModel, options: LoadRegressorOptions): Promise<Regressor> {
  const { info, sha256 } = await askAbout(served, options);
  requireNoGenerator(served, info);
  const { plan, card } = makeRegressorPlan(served.name, { metadata: info.parameters }, info);
  requirePrecision(served.model, undefined, options.precision);
  const { engine, ran } = engineOf(served, info, plan, options);
  const { recipe, output } = card;
  return makeRegressor(engine, plan, { card, recipe, output, precision: undefined, sha256, ...ran });
}

/** @throws {JetError} BAD_MODEL */
function requireNoGenerator({ model }: ServedModel, { platform }: ServedModelInfo): void {
  if (platform === GENERATOR_PLATFORM)
    throw new JetError(
      'BAD_MODEL',
      `${model}: a generator, which makes showers or jets and takes none; expected a tagger or a regressor; load it with loadGenerator`,
      { model },
    );
}

/** What a server says of a model. @throws {JetError} as `loadRemote` */
export async function askAbout(
  served: ServedModel,
  {
    device,
    threads,
    signal,
    timeoutMs = DEFAULT_TIMEOUT_MS,
    sha256,
  }: Pick<LoadRegressorOptions, 'device' | 'threads' | 'signal' | 'timeoutMs' | 'sha256'>,
): Promise<{ readonly info: ServedModelInfo; readonly sha256: string | undefined }> {
  const given = {
    ...(device !== undefined && device !== 'auto' && { device }),
    ...(threads !== undefined && { threads }),
  };
  for (const [option, value] of Object.entries(given))
    throw new JetError(
      'BAD_ARGUMENT',
      `${served.model}: option ${option} ${value} for a model that a server runs; expected none, the server decides; leave the option out`,
      given,
    );
  const info = await fetchModelInfo(served, { timeoutMs, signal });
  return { info, sha256: requireHash(served, info, sha256) };
}

/** The engine, and what it says of itself. @throws {JetError} BAD_ARGUMENT for more jets a run than the server allows */
function engineOf(
  served: ServedModel,
  info: ServedModelInfo,
  plan: Plan,
  { batchSize, timeoutMs = DEFAULT_TIMEOUT_MS }: LoadRegressorOptions,
) {
  const own = info.platform === OWN_PLATFORM || info.platform === REGRESSOR_PLATFORM;
  if (batchSize !== undefined && info.maxBatch !== undefined && !own && batchSize > info.maxBatch)
    throw new JetError(
      'BAD_ARGUMENT',
      `${served.model}: batchSize ${batchSize}; expected at most ${info.maxBatch}, which the server allows`,
      { batchSize, maxBatch: info.maxBatch },
    );
  const engine = remoteEngine(served, info, plan, { batchSize, timeoutMs });
  const ran = {
    name: plan.name,
    inputs: plan.inputs,
    opset: undefined,
    device: 'remote',
    wholeOnDevice: true,
    runtime: info.server,
    threads: engine.width,
    batchSize: engine.batchJets,
    oddities: [],
    passedOver: [],
    selfTest: undefined,
    optimisation: undefined,
  } as const;
  return { engine, ran };
}

function requireHash(
  { model }: ServedModel,
  { parameters }: ServedModelInfo,
  expected: string | undefined,
): string | undefined {
  const sha256 = parameters.get(SHA256_KEY);
  if (expected === undefined || expected.toLowerCase() === sha256) return sha256;
  throw new JetError(
    'BAD_FILE',
    `${model}: SHA-256 is ${sha256 ?? 'not told by the server'}; expected ${expected.toLowerCase()}; the server runs another model, or is not ours`,
    { sha256, expected },
  );
}

type Planned = ReturnType<typeof makePlan>;

/** The network itself is served: the same plan as for the file, from what server and card say. */
function foreignPlan({ name }: ServedModel, info: ServedModelInfo, options: LoadOptions): Planned {
  return makePlan(name, { metadata: info.parameters, producedBy: new Map() }, info, options);
}

/** A tagger is served: it takes what a tagger takes and gives scores. */
function ownPlan(served: ServedModel, info: ServedModelInfo, options: LoadOptions): Planned {
  for (const key of ['recipe', 'inputKind', 'layout', 'output', 'outputKind', 'signalColumn'] as const)
    if (options[key] !== undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `${served.model}: option ${key}, but the server knows its model; expected none; leave the option out`,
        { option: key },
      );
  const json = info.parameters.get(CARD_KEY);
  const card = json === undefined ? undefined : cardFromJson(json, served.model);
  const recipe = info.parameters.get(RECIPE_KEY);
  const [output] = info.outputs;
  if (output?.name !== SCORE_OUTPUT) throw remote(served.model, `the output is ${output?.name}, not ${SCORE_OUTPUT}`);
  const own = info.inputs.filter(({ name }) => name !== CONSTITUENTS_INPUT || info.inputs.length === 1);
  const inputs = own.map(({ name, shape }): Plan['inputs'][number] => {
    const jet = shape.slice(1);
    const kind =
      name === CONSTITUENTS_INPUT || card?.input.kind === 'constituents'
        ? 'constituents'
        : jet.length === 3
          ? 'images'
          : 'tensor';
    return { name, kind, shape: jet, layout: kind === 'images' ? 'NHWC' : 'same', graphShape: jet };
  });
  const images = recipe === undefined ? undefined : parseRecipe(parseJson(recipe, `${served.model}: recipe`, 'REMOTE'));
  return {
    plan: {
      name: served.name,
      inputs,
      readout: { output: SCORE_OUTPUT, kind: 'score', columns: 1, signalColumn: 0 },
      fixedBatch: undefined,
      recipe: images,
      range: rangeOf(card),
      momenta: momentaOf(card, images),
      tolerance: 0,
    },
    card,
  };
}
