import { basename, extname } from 'node:path';
import type { ExportedModel, ExportOptions } from '@jetsdk/export';
import { calibrationImages, certifiedExport, certifiedGraph, exportModel, madeUpInputs } from '@jetsdk/export';
import { openModel } from '@jetsdk/infer';
import {
  type CardParity,
  formatCounted,
  type InputForm,
  JetError,
  type JetImages,
  type Jets,
  jetImages,
  jets,
  type LayerArtifacts,
  pixelateOf,
  type Tensor,
  toInputs,
} from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import { loadLayersModel, predict, predictEach } from '@jetsdk/train';
import { type ExportFlags, isChanged } from '../exportFlags.js';
import { CALIBRATION_JETS, spreadJets } from '../exporting.js';
import { withOptionNames } from '../optionNames.js';
import { print, say } from '../terminal.js';
import { finishExport } from './finishExport.js';

/**
 * A layers model from elsewhere. What its classes are and what makes its images only the options tell: with them it gets a
 * card, without them none.
 */
export async function exportForeign(path: string, output: string, flags: ExportFlags): Promise<void> {
  const { architecture, recipe, classes } = flags;
  const artifacts = await loadLayersModel(path, architecture === undefined ? {} : { architecture });
  if (recipe !== undefined || classes !== undefined) return exportWithCard(path, output, artifacts, flags);
  const { architecture: _, inputShape: __, ...others } = flags;
  if (flags.triton !== undefined || isChanged(others))
    throw new JetError(
      'BAD_ARGUMENT',
      `export: ${path} is no run of ours and gets no card, which these options are for; expected --classes, and --recipe where it takes images, or no other options than --output, --calibration, --architecture and --input-shape`,
    );
  const exported = await exportedModel(artifacts, flags);
  const { inputs, outputs } = exported;
  const given = await feedsOf(path, exported, flags.calibration);
  const made = await predictEach(artifacts, Object.values(given));
  const reference = Object.fromEntries(outputs.map(({ name }, i) => [name, made[i] ?? new Float32Array(0)]));
  const { bytes, parity } = await certifiedGraph(artifacts, {
    calibration: given,
    reference,
    open: openModel,
    ...shapesOf(flags),
  });
  await writeFileAtomically(output, bytes);
  say(`${output}: ${formatCounted(bytes.length, 'byte')}, without a card`);
  if (inputs.length + outputs.length > 2)
    say(
      `${output}: ${formatCounted(inputs.length, 'input')} (${inputs.map(({ name }) => name).join(', ')}), ${formatCounted(outputs.length, 'output')} (${outputs.map(({ name }) => name).join(', ')}); score takes one input and, with --output-name, one output`,
    );
  print(parityText(parity));
}

const shapesOf = ({ inputShape }: ExportFlags): ExportOptions =>
  inputShape === undefined ? {} : { inputShapes: inputShape };

const exportedModel = (artifacts: LayerArtifacts, flags: ExportFlags): Promise<ExportedModel> =>
  withOptionNames({ inputShapes: '--input-shape 40,40,1 or the like' }, async () =>
    exportModel(artifacts, shapesOf(flags)),
  );

const parityText = ({ runtime, jets: count, maxAbsDifference, tolerance, scale }: CardParity): string =>
  `${runtime} against TensorFlow.js on ${count} inputs: max |Δ| = ${maxAbsDifference.toExponential(2)} (tolerance ${tolerance}${scale === undefined ? '' : ` of the scale ${scale.toPrecision(3)}`})`;

/** Something for each input of a model. */
async function feedsOf(
  path: string,
  { inputs }: ExportedModel,
  calibration: string | undefined,
): Promise<Readonly<Record<string, Tensor>>> {
  if (calibration === undefined)
    return Object.fromEntries(
      inputs.map(({ name, shape, indices }, i) => [name, madeUpInputs(shape, CALIBRATION_JETS, indices, i + 1)]),
    );
  const [input] = inputs;
  if (input === undefined || inputs.length > 1)
    throw new JetError(
      'UNSUPPORTED',
      `${path}: inputs ${inputs.map(({ name }) => name).join(', ')}; expected one, which --calibration is for; leave it out to compare on made-up numbers`,
      { inputs: inputs.length },
    );
  const form = input.shape.length === 2 && input.shape[1] === 4 ? { constituents: input.shape[0] ?? 1 } : undefined;
  const some = await spreadJets(calibration);
  return { [input.name]: form === undefined || some.kind === 'images' ? some : toInputs(some, form) };
}

async function exportWithCard(
  path: string,
  output: string,
  artifacts: LayerArtifacts,
  flags: ExportFlags,
): Promise<void> {
  const { recipe, modelVersion: version, licence, calibration } = flags;
  const exported = await exportedModel(artifacts, flags);
  const form = formOf(path, exported, flags);
  const classes = classesOf(path, exported, flags);
  const real = calibration === undefined ? undefined : await spreadJets(calibration);
  const inputs = real === undefined ? madeUp(exported, flags) : toInputs(real, form);
  const name = flags.name ?? basename(path, extname(path));
  const facts = {
    name,
    ...(version !== undefined && { version }),
    ...(licence !== undefined && { licence }),
    ...(recipe !== undefined && { recipe }),
    classes,
  };
  const options = {
    calibration: inputs,
    reference: await predict(artifacts, inputs),
    open: openModel,
    ...shapesOf(flags),
  };
  const model = await certifiedExport(artifacts, facts, options);
  const [parity] = model.card.parity ?? [];
  await finishExport(
    { artifacts, model, recipe, form, inputs, jets: real },
    { ...flags, output },
    parity === undefined ? [] : [parityText(parity)],
  );
}

/** @throws {JetError} UNSUPPORTED for what a card does not describe; SHAPE_MISMATCH if the recipe makes other images */
function formOf(path: string, { inputs, outputs }: ExportedModel, { recipe }: ExportFlags): InputForm | undefined {
  const [input] = inputs;
  const [rows = 0, numbers, channels] = input?.shape ?? [];
  const isImage = channels !== undefined && input?.shape.length === 3;
  if (inputs.length + outputs.length > 2 || !(isImage || (input?.shape.length === 2 && numbers === 4)))
    throw new JetError(
      'UNSUPPORTED',
      `${path}: takes ${inputs.map(({ name, shape }) => `${name} (${shape.join(', ')})`).join(', ')}, gives ${outputs.map(({ name, shape }) => `${name} (${shape.join(', ')})`).join(', ')}; expected images (height, width, channels) or constituents (m, 4) in and one output, which a card describes; leave --classes and --recipe out`,
    );
  if (!isImage) {
    if (recipe !== undefined)
      throw new JetError('BAD_ARGUMENT', `${path}: takes constituents; expected no --recipe; leave it out`);
    return { constituents: rows };
  }
  if (recipe === undefined) return undefined;
  const { pixels, channels: made } = pixelateOf(recipe);
  const shapes = [
    [rows, numbers, channels],
    [pixels, pixels, made.length],
  ].map((shape) => shape.join('×'));
  if (shapes[0] !== shapes[1])
    throw new JetError(
      'SHAPE_MISMATCH',
      `${path}: takes images of ${shapes[0]}, recipe ${recipe.name} makes ${shapes[1]}; expected the recipe that it was trained with`,
    );
  return recipe;
}

/** @throws {JetError} UNSUPPORTED if its output is no probabilities; BAD_ARGUMENT unless there is a name for each class */
function classesOf(path: string, { outputs }: ExportedModel, { classes }: ExportFlags): readonly string[] {
  const [output] = outputs;
  const width = output?.shape[0] ?? 0;
  if (output?.name !== 'score' && output?.name !== 'probabilities')
    throw new JetError(
      'UNSUPPORTED',
      `${path}: output ${output?.name} (${output?.shape.join(', ')}) is of no sigmoid or softmax; expected probabilities, which a card describes; add the activation, or leave --classes and --recipe out`,
    );
  const count = Math.max(2, width);
  if (classes === undefined || classes.length !== count)
    throw new JetError(
      'BAD_ARGUMENT',
      `${path}: got ${classes === undefined ? 'no --classes' : `${formatCounted(classes.length, 'class', 'classes')}, ${classes.join(', ')}`}; expected ${count} names for its ${formatCounted(width, 'output')}, the signal last`,
    );
  return classes;
}

function madeUp({ inputs }: ExportedModel, { recipe }: ExportFlags): JetImages | Jets {
  const [{ shape: [rows = 1, numbers = 1, channels] = [], indices } = { shape: [] }] = inputs;
  if (channels !== undefined && recipe !== undefined)
    return calibrationImages({ shape: [rows, numbers, channels], count: CALIBRATION_JETS, recipe });
  const { data } = madeUpInputs(
    channels === undefined ? [rows, numbers] : [rows, numbers, channels],
    CALIBRATION_JETS,
    indices,
  );
  return channels === undefined ? jets(data, rows) : jetImages(data, [rows, numbers, channels]);
}
