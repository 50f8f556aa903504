// Recomputes every figure in every card from the model file: npm run check:models -- [--data FOLDER] [NAME…]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { evaluate } from '@jetsdk/eval';
import { loadTagger } from '@jetsdk/infer';
import { canonicalJson, takeJets } from '@jetsdk/jets';
import { fileHash, openJets, readColumns } from '@jetsdk/jets/files';
import { readCard, readGeneratorCard, readRegressorCard } from '@jetsdk/onnx';
import { checkGenerator } from './generators.mjs';
import { checkRegressor } from './regressors.mjs';
import { trainedRange, trainingFiles } from './trainedRange.mjs';

/** Figures of the same file on the same jets; another processor may round a score to its neighbour. */
const TOLERANCE = 1e-6;

const here = import.meta.dirname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string', default: join(here, '../../shared/data') } },
});
const folders = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const unknown = positionals.find((name) => !folders.includes(name));
if (unknown !== undefined) {
  console.error(`check: no model ${unknown}; expected some of ${folders.join(', ')}`);
  process.exit(2);
}
const generators = JSON.parse(readFileSync(join(here, 'generators.json'), 'utf8'));
let failed = 0;
const say = (good, text) => {
  if (!good) failed++;
  console.log(`${good ? 'ok  ' : 'OFF '} ${text}`);
};

for (const name of positionals.length > 0 ? positionals : folders) {
  const path = join(here, name, 'model.onnx');
  if (generators[name]?.cardAlone && !existsSync(path)) {
    console.log(`skip ${name}: only its card is here; npm run models -- ${name} makes the file`);
    continue;
  }
  if (existsSync(join(here, name, 'generator.json'))) {
    const card = readGeneratorCard(readFileSync(path));
    const beside = JSON.parse(readFileSync(join(here, name, 'generator.json'), 'utf8'));
    say(canonicalJson(card) === canonicalJson(beside), `${name}: generator.json is the card inside the file`);
    for (const metrics of card.metrics) {
      const file = join(values.data, metrics.dataset);
      if (!existsSync(file)) console.log(`skip ${name} on ${metrics.dataset}: the file is not here`);
      else {
        const same = (await fileHash(file)) === metrics.datasetHash;
        say(same, `${name}: ${metrics.dataset} is the file that was measured`);
        await checkGenerator(path, card, metrics, file, say);
      }
    }
    continue;
  }
  const regressor = readRegressorCard(readFileSync(path));
  const card = regressor ?? readCard(readFileSync(path));
  const beside = JSON.parse(readFileSync(join(here, name, 'card.json'), 'utf8'));
  say(canonicalJson(card) === canonicalJson(beside), `${name}: card.json is the card inside the file`);
  say(card.name === name, `${name}: named so in its card`);
  if (regressor) {
    if (existsSync(join(values.data, regressor.metrics[0].dataset)))
      await checkRegressor(path, regressor, values.data, say);
    else console.log(`skip ${name}: its files are not here`);
    continue;
  }
  if (trainingFiles(card, values.data).every((file) => existsSync(file)))
    say(
      canonicalJson(await trainedRange(card, values.data)) === canonicalJson(card.training.range),
      `${name}: pixels or energies of its training jets ${JSON.stringify(card.training.range)}`,
    );
  for (const metrics of card.metrics) {
    const file = join(values.data, metrics.dataset);
    if (!existsSync(file)) {
      console.log(`skip ${name} on ${metrics.dataset}: the file is not here`);
      continue;
    }
    say((await fileHash(file)) === metrics.datasetHash, `${name}: ${metrics.dataset} is the file that was measured`);
    const tagger = await loadTagger(path, { device: 'cpu' });
    const source = await openJets(file);
    const jets = await measuredJets(file, source, metrics.where);
    const labels = await source.labels();
    const scores = await tagger.score(jets === undefined ? source : await takeJets(source, jets));
    const now = evaluate(jets === undefined ? labels : jets.map((jet) => labels[jet]), scores);
    source.close();
    await tagger.dispose();
    const figures = ['signal', 'background', 'auc', 'aucStdErr', 'accuracy', 'rejectionArea'];
    for (const figure of figures.filter((name) => metrics[name] !== undefined))
      say(
        near(now[figure], metrics[figure]),
        `${name}: ${figure} ${metrics[figure]} on ${metrics.dataset}, now ${now[figure]}`,
      );
    for (const { signalEfficiency, rejection } of metrics.rejection) {
      const at = now.rejection.find((one) => one.signalEfficiency === signalEfficiency);
      say(
        near(at?.rejection, rejection),
        `${name}: 1/ε_B ${rejection} at ε_S = ${signalEfficiency} on ${metrics.dataset}, now ${at?.rejection}`,
      );
    }
  }
}
console.log(failed === 0 ? '\nevery figure stands' : `\n${failed} figures are off`);
process.exitCode = failed === 0 ? 0 : 1;

/** Numbers of the jets that a card's figures are of; undefined for all. */
async function measuredJets(file, source, where) {
  if (where === undefined) return undefined;
  const { [where.column]: values } = await readColumns(file, [where.column]);
  return Uint32Array.from({ length: source.count }, (_, jet) => jet).filter((jet) => values[jet] === where.equals);
}

function near(a, b) {
  return Math.abs(a - b) <= TOLERANCE * Math.abs(b);
}
