// Writes what the model cards say into README.md and docs, between the marks `<!-- begin NAME -->` and `<!-- end NAME -->`: npm run tables
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const read = (path) => readFileSync(join(root, path), 'utf8');

const models = Object.entries(JSON.parse(read('models/models.json'))).map(([name, { from }]) => ({
  name,
  from,
  card: JSON.parse(read(`models/${name}/card.json`)),
}));

/** A Markdown table; figures are set to the right. */
function table(head, rows) {
  const rule = head.map((title) => (/^(parameters|jets|AUC|accuracy|1\/)/.test(title) ? '---:' : '---'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const count = (number) => number.toLocaleString('en');
const auc = ({ auc, aucStdErr }) => `${auc.toFixed(4)} ± ${aucStdErr.toFixed(4)}`;

function rejection({ rejection: points }, efficiency) {
  const at = points.find(({ signalEfficiency }) => signalEfficiency === efficiency);
  if (at === undefined) return '–';
  return `${at.rejection.toFixed(at.rejection < 100 ? 1 : 0)} (k = ${at.falsePositives})`;
}

/** What is told apart, signal first. */
const task = ({ classes, signalClass }) => [signalClass, ...classes.filter((name) => name !== signalClass)].join('/');

const dataset = ({ dataset, where }) =>
  `\`${dataset}\`${where === undefined ? '' : ` where ${where.column} = ${where.equals}`}`;

const BLOCKS = {
  zoo: () =>
    table(
      ['network', 'parameters', 'from', 'jets to learn from', 'AUC', 'accuracy', '1/ε_B at ε_S = 0.5'],
      models.map(({ name, from, card: { training, metrics, ...card } }) => [
        `\`${name}\``,
        count(training.parameters),
        from,
        `${count(training.trainJets)} ${task(card)}`,
        auc(metrics[0]),
        metrics[0].accuracy.toFixed(4),
        rejection(metrics[0], 0.5),
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
  best: () => {
    const [{ name, card }] = models
      .filter(({ card }) => card.metrics[0].dataset === 'generated/test.h5')
      .sort((a, b) => b.card.metrics[0].auc - a.card.metrics[0].auc);
    const [measured] = card.metrics;
    return `- The best reference model, \`${name}\`, has AUC ${auc(measured)} and 1/ε_B = ${rejection(measured, 0.5)} at ε_S = 0.5 on ${count(measured.signal + measured.background)} jets (\`npm run check:models\`).`;
  },
};

const PAGES = ['README.md', 'docs/zoo.md', 'docs/figures.md'];

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
