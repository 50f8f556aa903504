/** @file From jets to what the network is fed with. */
import {
  type Imager,
  JetError,
  type Normaliser,
  type Recipe,
  remedyIfPadding,
  requireParticles,
  type Tensor,
} from '@jetsdk/jets';
import type { InputPlan, Plan } from '../model/plan.js';
import { type Chunk, isAsDeclared, sliceChunk } from './chunk.js';

/**
 * Makes the feeds of one run. The arrays may be views on the chunk or working memory that the next call overwrites.
 *
 * @throws {JetError} NOT_FINITE with the first jet and number that is NaN or infinite; BAD_DATASET with the first
 *   constituent that is no particle
 */
export type FeedMaker = (chunk: Chunk, start: number, stop: number) => Record<string, Tensor>;

export async function feedMaker(plan: Plan): Promise<FeedMaker> {
  const steps = await Promise.all(plan.inputs.map((input) => inputMaker(input, input.recipe ?? plan.recipe)));
  return (chunk, start, stop) => {
    const part = sliceChunk(chunk, start, stop);
    const feeds: Record<string, Tensor> = {};
    plan.inputs.forEach((input, i) => {
      feeds[input.name] = padBatch(steps[i](part, i), plan.fixedBatch);
    });
    return feeds;
  };
}

async function inputMaker(
  input: InputPlan,
  recipe: Recipe | undefined,
): Promise<(part: Chunk, index: number) => Tensor> {
  const makers = recipe && (await import('./images.js'));
  let make: Imager | undefined;
  let finish: Normaliser | undefined;
  const scratch = workspace();
  const normalises = recipe?.steps.some(({ step }) => step === 'normalise') ?? false;
  const makeImages = (part: Chunk, { shape, data }: Tensor): Tensor => {
    make ??= makers!.imager(recipe!);
    const [height, width, channels] = make.shape;
    const images = { shape: [part.jets, ...make.shape], data: scratch(part.jets * height * width * channels) };
    const [jets, constituents] = shape as [number, number];
    make.fill({ kind: 'constituents', shape: [jets, constituents, 4], data, ...part.beside }, images.data);
    return images;
  };
  const finishImages = ({ shape, data }: Tensor): Tensor => {
    finish ??= makers!.normaliser(recipe!);
    const images = { shape, data: scratch(data.length) };
    const [jets, height, width, channels] = shape as [number, number, number, number];
    finish.fill({ kind: 'images', shape: [jets, height, width, channels], data }, images.data);
    return images;
  };
  return (part, index) => {
    // all images are made of the same constituents
    const given = part.parts[part.kind === 'constituents' ? 0 : index];
    const made = part.kind === 'constituents' && input.kind === 'images';
    if (made || (part.kind === 'images' && normalises)) {
      try {
        return layOut(made ? makeImages(part, given) : finishImages(given), input);
      } catch (error) {
        // the recipe looks at every number; the message here counts the jets from the first one that is scored
        requireFinite(part, given, input.name);
        if (made) requirePossible(part, given);
        throw error;
      }
    }
    requireFinite(part, given, input.name);
    if (input.kind === 'constituents') requirePossible(part, given);
    if (isAsDeclared(part, index, input)) return given;
    return input.kind === 'constituents' ? fitConstituents(given, input, scratch) : layOut(given, input);
  };
}

/** Working memory that grows and is never given back. */
function workspace(): (length: number) => Float32Array {
  let memory = new Float32Array(0);
  return (length) => {
    if (memory.length < length) memory = new Float32Array(length);
    return memory.subarray(0, length);
  };
}

/** Images channels-last into the memory order of the graph. */
function layOut({ shape, data }: Tensor, input: InputPlan): Tensor {
  const [jets, height, width, channels] = shape as [number, number, number, number];
  if (input.layout === 'NHW') return { shape: [jets, height, width], data };
  if (input.layout === 'flat') return { shape: [jets, height * width * channels], data };
  if (input.layout !== 'NCHW') return { shape, data };
  const turned = [jets, channels, height, width];
  if (channels === 1) return { shape: turned, data };
  const plane = height * width;
  const size = plane * channels;
  const out = new Float32Array(data.length);
  for (let jet = 0; jet < jets; jet++)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < plane; p++) out[jet * size + c * plane + p] = data[jet * size + p * channels + c];
  return { shape: turned, data: out };
}

/** Cuts off or pads with zeros to the number of constituents that the graph takes. */
function fitConstituents(given: Tensor, input: InputPlan, scratch: (length: number) => Float32Array): Tensor {
  const [jets, slots] = given.shape as [number, number];
  const wanted = input.shape[0] ?? slots;
  if (wanted === slots) return given;
  const data = scratch(jets * wanted * 4).fill(0);
  const kept = Math.min(slots, wanted) * 4;
  for (let jet = 0; jet < jets; jet++)
    data.set(given.data.subarray(jet * slots * 4, jet * slots * 4 + kept), jet * wanted * 4);
  return { shape: [jets, wanted, 4], data };
}

function padBatch(tensor: Tensor, batch: number | undefined): Tensor {
  const [jets] = tensor.shape as [number];
  if (batch === undefined || jets === batch) return tensor;
  const data = new Float32Array((tensor.data.length / jets) * batch);
  data.set(tensor.data);
  return { shape: [batch, ...tensor.shape.slice(1)], data };
}

function requireFinite(part: Chunk, { data, shape }: Tensor, name: string): void {
  if (allFinite(data)) return;
  const at = data.findIndex((value) => !Number.isFinite(value));
  const size = data.length / shape[0];
  const jet = part.first + Math.floor(at / size);
  const place: number[] = [];
  for (let axis = shape.length - 1, rest = at % size; axis > 0; axis--) {
    place.unshift(rest % shape[axis]);
    rest = Math.floor(rest / shape[axis]);
  }
  const what = part.kind === 'images' ? 'pixel' : part.kind === 'constituents' ? 'component' : `input ${name},`;
  throw new JetError(
    'NOT_FINITE',
    `score: ${what} [${place.join(', ')}] of jet ${jet} is ${data[at]}; expected finite numbers; mend or leave out this jet${part.kind === 'constituents' ? remedyIfPadding(data, at) : ''}`,
    { jet, index: place, value: String(data[at]) },
  );
}

/** @throws {JetError} BAD_DATASET at the first constituent that is no particle */
function requirePossible({ first }: Chunk, { shape, data }: Tensor): void {
  const [jets, constituents] = shape as [number, number];
  requireParticles({ kind: 'constituents', shape: [jets, constituents, 4], data }, 'score', first);
}

/** A sum in float64 of float32 numbers is finite exactly if they all are; four sums keep the adder busy. */
function allFinite(data: Float32Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = data.length - (data.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += data[i];
    b += data[i + 1];
    c += data[i + 2];
    d += data[i + 3];
  }
  for (let i = whole; i < data.length; i++) a += data[i];
  return Number.isFinite(a + b + c + d);
}
