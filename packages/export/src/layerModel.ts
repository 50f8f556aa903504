/** @file A layers model with its rules and weights resolved; it can be exported, or run slowly in float64. */
import {
  isJetError,
  JetError,
  type LayerArtifacts,
  type LayerWeight,
  quoted,
  requireMembers,
  sizeOf,
} from '@jetsdk/jets';
import { LAYERS } from './layers/index.js';
import { inputLayer } from './layers/inputLayer.js';
import type { Array64, LayerRule, Shape, Weights } from './layers/rule.js';
import { LayerConfig } from './layers/shared/config.js';
import { evaluate, type LayerSpec, type ModelSpec, parseTopology } from './topology.js';

/** One layer instance, ready to be used. */
export interface Layer {
  readonly path: string;
  readonly rule: LayerRule<unknown>;
  readonly config: unknown;
  readonly weights: Weights;
}

export interface LayerModel {
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  /** name of the layer that makes each output */
  readonly outputNames: readonly string[];
  readonly parameters: number;
  /** Runs `apply` over every layer call in order; see `topology.evaluate`. */
  evaluate<T>(inputs: readonly T[], apply: (layer: Layer, inputs: readonly T[]) => T): T[];
}

/** Shapes of one example by the name of the input layer, or of every input. */
export type InputShapes = Readonly<Record<string, Shape>> | Shape;

/**
 * Resolves artifacts to rules and weights.
 *
 * @param shapes for inputs whose topology leaves lengths open
 * @throws {JetError} BAD_MODEL, UNSUPPORTED or SHAPE_MISMATCH, with the layer's name
 */
export function layerModel(artifacts: LayerArtifacts, shapes: InputShapes = {}): LayerModel {
  requireMembers(
    'export',
    artifacts,
    ['topology', 'weights'],
    'the artifacts of a layers model, { topology, weights }; artifactsOf(model) and loadLayersModel(path) of @jetsdk/train give them',
  );
  const { topology, weights } = artifacts;
  const model = parseTopology(topology);
  const inputs = model.inputs.map(({ layer }) => modelInput(model, layer, isShape(shapes) ? shapes : shapes[layer]));
  const store = new WeightStore(weights);
  const layers = new Map<LayerSpec, Layer>();
  const outputs = evaluate<Shape>(
    model,
    inputs.map(({ shape }) => shape),
    (spec, given) => {
      const parsed = layers.get(spec) ?? resolve(spec, given, store);
      layers.set(spec, parsed);
      return outputShape(parsed, given);
    },
  );
  store.finish();
  if (outputs.length === 0) throw new JetError('BAD_MODEL', `${model.name}: no output; expected at least one`);
  return {
    name: model.name,
    inputs,
    outputNames: model.outputs.map(({ layer }) => layer),
    parameters: weights.reduce((sum, weight) => sum + weight.data.length, 0),
    evaluate: (values, apply) =>
      evaluate(model, values, (spec, given) => {
        const layer = layers.get(spec);
        if (layer === undefined) throw new JetError('BAD_MODEL', `${spec.path}: a layer that was never reached`);
        return apply(layer, given);
      }),
  };
}

/** With a question mark for every open length. */
const openText = (lengths: readonly (number | null)[]): string =>
  `(${lengths.map((length) => length ?? '?').join(', ')})`;

const isShape = (shapes: InputShapes): shapes is Shape => Array.isArray(shapes);

function modelInput(model: ModelSpec, name: string, given: Shape | undefined): { name: string; shape: Shape } {
  const spec = model.layers.find((layer) => layer.name === name);
  if (spec === undefined || spec.kind !== 'InputLayer')
    throw new JetError('BAD_MODEL', `${model.name}: input ${quoted(name)} is not an InputLayer`, { name });
  const open = inputLayer.parse(new LayerConfig(spec.kind, spec.path, spec.config));
  if (
    given !== undefined &&
    (given.length !== open.length || open.some((length, i) => length !== null && length !== given[i]))
  )
    throw new JetError(
      'SHAPE_MISMATCH',
      `${name}: input shape (${given.join(', ')}) for ${openText(open)}; expected the same lengths`,
      {
        given,
        open,
      },
    );
  const shape = open.map((length, i) => length ?? given?.[i] ?? 0);
  if (shape.includes(0))
    throw new JetError(
      'BAD_ARGUMENT',
      `${name}: shape ${openText(open)} leaves a length open; expected a shape; give it with the option inputShapes`,
      {
        name,
        shape: open,
      },
    );
  return { name, shape };
}

function ruleOf({ kind, path }: LayerSpec): LayerRule<unknown> {
  const rule = LAYERS.find((candidate) => candidate.kind === kind);
  if (rule === undefined)
    throw new JetError(
      'UNSUPPORTED',
      `${path} (${kind}): unsupported layer; supported: ${LAYERS.map((layer) => layer.kind).join(', ')}`,
      { layer: path, kind },
    );
  return rule;
}

function resolve(spec: LayerSpec, inputs: readonly Shape[], store: WeightStore): Layer {
  const rule = ruleOf(spec);
  const wanted = rule.inputs ?? 1;
  if (wanted === 'several' ? inputs.length < 2 : inputs.length !== wanted)
    throw new JetError('BAD_MODEL', `${spec.path} (${spec.kind}): ${inputs.length} inputs; expected ${wanted}`, {
      layer: spec.path,
      inputs: inputs.length,
    });
  const config = rule.parse(new LayerConfig(spec.kind, spec.path, spec.config));
  const layer = { path: spec.path, rule, config, weights: {} };
  outputShape(layer, inputs);
  return { ...layer, weights: store.take(spec, rule.weights?.(config, inputs) ?? {}) };
}

/** Shape of a layer's output, with the layer's name in what it throws. */
function outputShape({ rule, config, path }: Layer, inputs: readonly Shape[]): Shape {
  try {
    return rule.outputShape(config, inputs);
  } catch (error) {
    if (!isJetError(error)) throw error;
    throw new JetError(error.code, `${path}: ${error.message}`, { ...error.details, layer: path }, { cause: error });
  }
}

/**
 * Finds weights by name. tfjs appends `_1`, `_2`, … to a name that is used already, so weights of equal stem are
 * handed out in their order.
 */
class WeightStore {
  private readonly byStem = new Map<string, LayerWeight[]>();
  private readonly unused = new Set<LayerWeight>();

  constructor(weights: readonly LayerWeight[]) {
    for (const weight of weights) {
      if (weight.data.length !== sizeOf(weight.shape))
        throw new JetError(
          'SHAPE_MISMATCH',
          `weight ${weight.name}: ${weight.data.length} numbers for shape [${weight.shape}]; expected ${sizeOf(weight.shape)}`,
          { name: weight.name, length: weight.data.length, shape: weight.shape },
        );
      const odd = weight.data.findIndex((number) => !Number.isFinite(number));
      if (odd >= 0)
        throw new JetError(
          'NOT_FINITE',
          `weight ${weight.name}: number ${odd} is ${weight.data[odd]}; expected finite numbers; the file is damaged, or the training diverged`,
          { name: weight.name, index: odd },
        );
      this.unused.add(weight);
      for (const stem of new Set([weight.name, weight.name.replace(/_\d+$/, '')])) {
        const same = this.byStem.get(stem) ?? [];
        same.push(weight);
        this.byStem.set(stem, same);
      }
    }
  }

  take({ name: layer, path }: LayerSpec, wanted: Readonly<Record<string, readonly (number | null)[]>>): Weights {
    const found: Record<string, { shape: Shape; data: Float32Array }> = {};
    for (const name of Object.keys(wanted)) {
      const shape = wanted[name];
      const stem = `${layer}/${name}`;
      const weight = this.byStem.get(stem)?.find((candidate) => this.unused.has(candidate));
      if (weight === undefined)
        throw new JetError(
          'BAD_MODEL',
          `${path}: no weight named ${stem}; expected one of shape [${shape.map((length) => length ?? '?')}]`,
          {
            layer: path,
            weight: stem,
            have: [...this.unused].map((one) => one.name),
          },
        );
      if (weight.shape.length !== shape.length || weight.shape.some((length, i) => length !== (shape[i] ?? length)))
        throw new JetError(
          'SHAPE_MISMATCH',
          `${path}: weight ${weight.name} of shape [${weight.shape}]; expected [${shape.map((length) => length ?? '?')}]`,
          {
            layer: path,
            weight: weight.name,
            shape: weight.shape,
            expected: shape,
          },
        );
      this.unused.delete(weight);
      found[name] = weight;
    }
    return found;
  }

  finish(): void {
    if (this.unused.size > 0) {
      const names = [...this.unused].map((weight) => weight.name);
      throw new JetError(
        'BAD_MODEL',
        `${names.length} weights belong to no layer of the topology: ${names.join(', ')}`,
        {
          names,
        },
      );
    }
  }
}

/** Runs one example through the naive references of its layers, in float64. */
export function forwardModel(model: LayerModel, inputs: readonly Array64[]): Array64[] {
  return model.evaluate(inputs, (layer, given) => layer.rule.forward(layer.config, given, layer.weights));
}
