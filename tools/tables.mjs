// Writes what model cards and tables in the code say into README.md and docs, between the marks `<!-- begin NAME -->` and
// `<!-- end NAME -->`: npm run tables
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ERRORS,
  learnedParameters,
  namedRecipe,
  pileUpRecipeNames,
  recipeDescription,
  recipeNames,
} from '@jetsdk/jets';
import { OPSET } from '../packages/export/dist/exportModel.js';
import { LAYERS } from '../packages/export/dist/layers/index.js';
import { ACTIVATIONS } from '../packages/export/dist/layers/shared/activations.js';
import { STEPS } from '../packages/jets/dist/recipe/steps/index.js';

const root = join(import.meta.dirname, '..');
const read = (path) => readFileSync(join(root, path), 'utf8');

const models = Object.entries(JSON.parse(read('models/models.json'))).map(([name, { from }]) => ({
  name,
  from,
  card: JSON.parse(read(`models/${name}/card.json`)),
}));

const regressors = Object.keys(JSON.parse(read('models/regressors.json'))).map((name) => ({
  name,
  card: JSON.parse(read(`models/${name}/card.json`)),
}));

const generators = Object.keys(JSON.parse(read('models/generators.json'))).map((name) => ({
  name,
  card: JSON.parse(read(`models/${name}/generator.json`)),
}));

/** A Markdown table; figures are set to the right. */
function table(head, rows) {
  const rule = head.map((title) => (/^(parameters|jets|AUC|accuracy|1\/)/.test(title) ? '---:' : '---'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const code = (names) => names.map((name) => `\`${name}\``).join(', ') || '–';
const count = (number) => number.toLocaleString('en');
const auc = ({ auc, aucStdErr }) => `${auc.toFixed(4)} ± ${aucStdErr.toFixed(4)}`;

function rejection({ rejection: points }, efficiency) {
  const at = points.find(({ signalEfficiency }) => signalEfficiency === efficiency);
  if (at === undefined) return '–';
  return `${at.rejection.toFixed(at.rejection < 100 ? 1 : 0)} (k = ${at.falsePositives})`;
}

const pm = ({ value, stdErr }, digits, factor = 1) =>
  `${(factor * value).toFixed(digits)} ± ${(factor * stdErr).toFixed(digits)}`;

const WAYS = { puppi: 'PUPPI', sk: 'SoftKiller', area: 'area' };

/** Differences of one figure of one observable: a row a model and file, a column a way. */
const beside = (observable, figure, digits, factor) =>
  table(
    ['model', 'jets', ...Object.values(WAYS).map((way) => `less ${way}`)],
    regressors.flatMap(({ name, card }) =>
      card.metrics.map(({ dataset, comparisons = [] }) => [
        `\`${name}\``,
        `\`${dataset.split('/').pop()}\``,
        ...Object.keys(WAYS).map((way) => {
          const found = comparisons.find((one) => one.beside === way)?.observables;
          const difference = found?.find((one) => one.name === observable)?.[figure];
          if (difference === undefined) return '–';
          const z = difference.value === 0 ? 0 : difference.value / difference.stdErr;
          return `${pm(difference, digits, factor)} (${z.toFixed(1)})`;
        }),
      ]),
    ),
  );

/** The figures on the sample with most background, which know the rejection best. */
const largest = (metrics) => metrics.reduce((most, one) => (one.background > most.background ? one : most));

/** What is told apart, signal first. */
const task = ({ classes, signalClass }) => [signalClass, ...classes.filter((name) => name !== signalClass)].join('/');

const dataset = ({ dataset, where }) =>
  `\`${dataset}\`${where === undefined ? '' : ` where ${where.column} = ${where.equals}`}`;

/** Text of a `/** … *\/` comment, a line a line. */
const plain = (comment) => comment.replaceAll(/^ *\* ?/gm, '').trim();

/** A type as people write JSON. */
const json = (type, types) =>
  Object.entries(types)
    .reduce((text, [name, body]) => text.replace(name, `(${body})`), type)
    .replace(/^readonly \(?(.*?)\)?\[\]$/, 'list of $1')
    .replaceAll(/'([^']*)'/g, '`"$1"`')
    .replaceAll(' | ', ', ');

/** What the source says of a step: its interface and the comment before it. */
function stepSection(step) {
  const source = read(`packages/jets/src/recipe/steps/${step}.ts`);
  const [, about, body] = /\/\*\*((?:(?!\*\/).)*)\*\/\nexport interface \w+Step \{\n(.*?)^\}/ms.exec(source);
  const types = Object.fromEntries(
    [...source.matchAll(/^export type (\w+) = ([^;]*);/gm)].map(([, name, is]) => [name, is]),
  );
  const keys = [...body.matchAll(/(?:\/\*\*(.*?)\*\/\s*)?readonly (\w+)(\??): ([^;]*);/gs)]
    .filter(([, , key]) => key !== 'step')
    .map(([, remark = '', key, optional, type]) => [
      `\`${key}\``,
      json(type, types),
      [optional && 'may be left out', plain(remark)].filter((part) => part !== '').join('; '),
    ]);
  return `### \`${step}\`\n\n${plain(about)}\n\n${table(['key', 'value', ''], keys)}`;
}

/** A recipe in a line. */
const steps = (name) =>
  namedRecipe(name)
    .steps.map(({ step, on, by }) => [step, on ?? by].filter((part) => part !== undefined).join(' '))
    .join(', ');

const PLACE = { constituents: 'before `pixelate`', pixels: 'once', image: 'after `pixelate`' };

const BLOCKS = {
  steps: () =>
    [
      table(
        ['step', 'stands', 'what it does'],
        Object.entries(STEPS).map(([name, { on, says }]) => [`\`${name}\``, PLACE[on], says]),
      ),
      ...Object.keys(STEPS).map(stepSection),
    ].join('\n\n'),
  recipes: () =>
    table(
      ['name', 'what it makes', 'steps', 'reference models'],
      [...recipeNames, ...pileUpRecipeNames].map((name) => [
        `\`${name}\``,
        recipeDescription(name),
        steps(name),
        models.flatMap((model) => (model.card.recipe?.name === name ? [`\`${model.name}\``] : [])).join(', ') || '–',
      ]),
    ),
  recipe: () => {
    const { steps, ...rest } = namedRecipe('course-30-sum');
    const line = (step) =>
      JSON.stringify(step, null, 1)
        .replaceAll(/\s*\n\s*/g, ' ')
        .replaceAll('[ ', '[')
        .replaceAll(' ]', ']');
    const head = JSON.stringify(rest, null, 2).replace(/\n}$/, ',');
    return `\`\`\`json\n${head}\n  "steps": [\n    ${steps.map(line).join(',\n    ')}\n  ]\n}\n\`\`\``;
  },
  zoo: () =>
    table(
      ['network', 'parameters', 'from', 'jets to learn from', 'AUC', 'accuracy', '1/ε_B at ε_S = 0.5'],
      models.map(({ name, from, card: { training, metrics, ...card } }) => [
        `\`${name}\``,
        count(learnedParameters({ training, ...card })),
        from,
        `${count(training.trainJets)} ${task(card)}`,
        auc(metrics[0]),
        metrics[0].accuracy.toFixed(4),
        rejection(largest(metrics), 0.5),
      ]),
    ),
  models: () =>
    table(
      ['model', 'measured on', 'jets', 'AUC', 'accuracy', '1/ε_B at ε_S = 0.3', '1/ε_B at ε_S = 0.5'],
      models.flatMap(({ name, card }) =>
        card.metrics.map((measured) => [
          `\`${name}\``,
          dataset(measured),
          count(measured.signal + measured.background),
          auc(measured),
          measured.accuracy.toFixed(4),
          rejection(measured, 0.3),
          rejection(measured, 0.5),
        ]),
      ),
    ),
  cleaned: () =>
    table(
      ['model', 'jets', 'loss', 'pT: range (%)', 'correlation', 'mass: bias (%)', 'range (%)', 'correlation'],
      regressors.flatMap(({ name, card }) =>
        card.metrics.map(({ dataset, loss, observables }) => {
          const [pt, mass] = ['pT', 'mass'].map((one) => observables.find((found) => found.name === one));
          return [
            `\`${name}\``,
            `\`${dataset.split('/').pop()}\``,
            loss.toPrecision(3),
            pm(pt.iqr, 2, 100),
            pm(pt.correlation, 4),
            pm(mass.medianBias, 1, 100),
            pm(mass.iqr, 1, 100),
            pm(mass.correlation, 4),
          ];
        }),
      ),
    ),
  massRange: () => beside('mass', 'iqr', 1, 100),
  massCorrelation: () => beside('mass', 'correlation', 4, 1),
  ptRange: () => beside('pT', 'iqr', 2, 100),
  ptCorrelation: () => beside('pT', 'correlation', 4, 1),
  generated: () =>
    table(
      ['generator', 'measured on', 'AUC on observables', 'AUC on cells', 'spread', 'FPD', 'coverage', 'trained for'],
      generators.flatMap(({ name, card: { training, metrics } }) =>
        metrics.map((one) => [
          `\`${name}\``,
          `${count(one.rows[1] - one.rows[0])} of \`${one.dataset}\``,
          pm({ value: one.twoSampleAuc, stdErr: one.twoSampleAucStdErr }, 4),
          pm({ value: one.cellsAuc, stdErr: one.cellsAucStdErr }, 4),
          one.spread?.toFixed(2) ?? '–',
          one.frechet.value.toPrecision(2),
          one.coverage.toFixed(3),
          `${training.epochs} ${training.epochs === 1 ? 'epoch' : 'epochs'}, ${Math.round(training.seconds / 60)} min`,
        ]),
      ),
    ),
  errors: () =>
    table(
      ['code', 'exit code', 'meaning'],
      Object.entries(ERRORS).map(([name, { exit, says }]) => [`\`${name}\``, exit, says]),
    ),
  layers: () =>
    `Operator set ${OPSET}.\n\n${table(
      ['layer', 'supported', 'ONNX operators'],
      LAYERS.map(({ kind, supports, operators }) => [`\`${kind}\``, supports, code(operators)]),
    )}`,
  activations: () =>
    table(
      ['name', 'ONNX operators'],
      Object.entries(ACTIVATIONS).map(([name, { operators }]) => [`\`${name}\``, code(operators)]),
    ),
  best: () => {
    const [{ name, card }] = models
      .filter(({ card }) => card.metrics[0].dataset === 'generated/test.h5')
      .sort((a, b) => b.card.metrics[0].auc - a.card.metrics[0].auc);
    const measured = largest(card.metrics);
    return `- The best reference model, \`${name}\`, has AUC ${auc(measured)} and 1/ε_B = ${rejection(measured, 0.5)} at ε_S = 0.5 on ${count(measured.signal + measured.background)} jets (\`npm run check:models\`).`;
  },
};

const PAGES = [
  'README.md',
  ...['zoo', 'figures', 'recipes', 'errors', 'export-layers', 'pileup', 'generation'].map((name) => `docs/${name}.md`),
];

/**
 * The pages with the tables that follow from the cards, by path.
 *
 * @returns {Map<string, string>}
 */
export function written() {
  const fill = (text) =>
    text.replace(
      /(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)/gs,
      (_, begin, name, end) => `${begin}${BLOCKS[name]()}\n${end}`,
    );
  return new Map(PAGES.map((path) => [path, fill(read(path))]));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const [path, text] of written()) writeFileSync(join(root, path), text);
