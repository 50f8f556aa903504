/** @file What is in a file of a model, as text or JSON. */
import { inspectModel, type ModelInspection } from '@jetsdk/export';
import {
  formatCount,
  formatCounted,
  type ModelCard,
  meanText,
  type Recipe,
  shortText,
  trainingsOf,
} from '@jetsdk/jets';
import { flopsText } from '@jetsdk/onnx';
import type { ModelDescription } from '@jetsdk/train';
import { isTrainedModel, readModel } from '../modelFile.js';
import { print, printJson } from '../terminal.js';

/** Says what is in an ONNX file, or in a model of Keras or TensorFlow.js. */
export async function inspect(model: string, json: boolean): Promise<void> {
  if (isTrainedModel(model)) {
    const { describeModel } = await import('@jetsdk/train');
    const description = await describeModel(model);
    if (json) printJson(description);
    else print(rowsText(trainedRows(description)));
    return;
  }
  const inspection = inspectModel(await readModel(model));
  if (json) printJson(inspection);
  else print(describe(inspection));
}

function describe({
  graph,
  inputs,
  outputs,
  operators,
  parameters,
  weightBytes,
  flopsByOperator,
  activationBytes,
  hashes,
  card,
  regressor,
  generator,
}: ModelInspection): string {
  const port = ({ name, type, shape, container }: ModelInspection['inputs'][number]): string =>
    `${name} ${container ?? type} (${shape === undefined ? '…' : shape.map((length) => (length === '' ? '?' : length)).join(', ')})`;
  const rows: [string, string][] = [
    [
      'graph',
      `${graph.name}, ${graph.nodes} nodes, operator set ${[graph.opset, ...Object.entries(graph.otherOpsets ?? {}).map(([domain, version]) => `${domain} ${version}`)].join(', ')}, IR version ${graph.irVersion}${graph.producer === '' ? '' : `, by ${graph.producer}`}`,
    ],
    ['inputs', inputs.map(port).join('; ')],
    ['outputs', outputs.map(port).join('; ')],
    [
      'operators',
      Object.entries(operators)
        .map(([name, count]) => `${count} ${name}`)
        .join(', '),
    ],
    ['parameters', `${formatCount(parameters)} (${formatCounted(weightBytes, 'byte')})`],
    [
      'one jet',
      `${flopsByOperator === undefined ? 'operations known only when it runs' : flopsText(flopsByOperator)}, ${activationBytes === undefined ? 'memory known only when it runs' : `${formatCounted(activationBytes, 'byte')} of activations`}`,
    ],
    ['SHA-256', hashes.file],
  ];
  const other = regressor ?? generator;
  if (other !== undefined) rows.push(['card', titleOf(other)]);
  else if (card === undefined) rows.push(['card', 'none']);
  if (regressor !== undefined) {
    rows.push(['recipe', recipeText(regressor.recipe)]);
    for (const { dataset, jets, loss } of regressor.metrics ?? [])
      rows.push(['measured', `loss ${loss.toPrecision(3)} on ${formatCounted(jets, 'jet')} of ${dataset}`]);
  }
  for (const { name, unit, range } of generator?.conditions ?? [])
    rows.push(['condition', `${name} from ${range[0]} to ${range[1]}${unit === undefined ? '' : ` ${unit}`}`]);
  if (card !== undefined) {
    rows.push(['card', titleOf(card, `signal is ${card.signalClass}`)]);
    if (card.recipe !== undefined) rows.push(['recipe', recipeText(card.recipe)]);
    for (const { network, trainJets, dataset, epochs, bestEpoch, seed, backend } of trainingsOf(card))
      rows.push([
        'training',
        `${network} on ${formatCounted(trainJets, 'jet')} of ${dataset}, best epoch ${bestEpoch} of ${epochs}, seed ${seed}, ${backend}`,
      ]);
    if (card.mean !== undefined) rows.push(['mean of', meanText(card.mean)]);
    for (const { dataset, auc, aucStdErr, accuracy, rejection } of card.metrics ?? [])
      rows.push([
        'measured',
        `AUC ${auc.toFixed(4)}${aucStdErr === undefined ? '' : ` ± ${aucStdErr.toFixed(4)}`}, accuracy ${accuracy.toFixed(4)}, ${rejection.map((at) => `1/ε_B ${at.rejection.toFixed(1)} at ε_S=${at.signalEfficiency} (k=${at.falsePositives})`).join(', ')} on ${dataset}`,
      ]);
  }
  for (const { runtime, jets, maxAbsDifference } of (card ?? other)?.parity ?? [])
    rows.push(['parity', `${runtime}: max |Δ| ${maxAbsDifference.toExponential(1)} on ${formatCounted(jets, 'jet')}`]);
  return rowsText(rows);
}

/** Name, version, task and licence of a card, with what else is said of it. */
function titleOf(
  { name, version, task, licence }: Pick<ModelCard, 'name' | 'version' | 'task' | 'licence'>,
  ...more: readonly string[]
): string {
  const title = `${name}${version === undefined ? '' : ` ${version}`}: ${task}`;
  return [title, ...more, licence ?? 'licence not stated'].join('; ');
}

const recipeText = ({ name, steps }: Recipe): string => `${name}: ${steps.map(({ step }) => step).join(', ')}`;

/** Characters of a row: a model may have many operators, and names of any length. */
const LONGEST = 1000;

const rowsText = (rows: readonly [name: string, value: string][]): string =>
  rows.map(([name, value]) => `${name.padEnd(11)} ${shortText(value, LONGEST)}`).join('\n');

const KINDS: Readonly<Record<ModelDescription['kind'], string>> = {
  'keras-archive': 'a model of Keras (.keras archive)',
  'keras-hdf5': 'a model of Keras (HDF5)',
  'keras-weights': 'weights of Keras alone (HDF5); jetsdk export takes them with --architecture',
  architecture: 'layers without weights, as JSON; jetsdk train takes them',
  'layers-model': 'a layers model of TensorFlow.js',
  'graph-model': 'a graph model of TensorFlow.js, whose operators are no layers; it cannot be exported here',
};

function trainedRows({ kind, version, name, layers, inputs, numbers, training }: ModelDescription): [string, string][] {
  const rows: [string, string][] = [['file', KINDS[kind]]];
  if (version !== undefined) rows.push(['written by', /^\d/.test(version) ? `Keras ${version}` : version]);
  if (name !== undefined) rows.push(['name', name]);
  const shapes = inputs?.map((shape) => `(${shape.map((length, i) => length ?? (i === 0 ? 'n' : '?')).join(', ')})`);
  if (shapes !== undefined) rows.push(['inputs', shapes.join('; ')]);
  const kinds = Object.entries(layers ?? {});
  if (kinds.length > 0) rows.push(['layers', kinds.map(([one, count]) => `${count} ${one}`).join(', ')]);
  if (numbers !== undefined) rows.push(['weights', `${formatCounted(numbers, 'number')}`]);
  const { optimizer, loss } = training ?? {};
  if (optimizer !== undefined || loss !== undefined)
    rows.push(['training', [optimizer, loss].filter((one) => one !== undefined).join(', ')]);
  return rows;
}
