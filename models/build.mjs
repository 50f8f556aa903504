// Trains, exports and measures the reference models: npm run models -- [--data FOLDER] [--run RUN… | --measure] [NAME…]
// FOLDER holds the datasets that models.json names; default ../shared/data beside the repository. RUN is a training of the one NAME
// that is finished, of a mean of several once for each; with --measure the taggers that are there are measured on what models.json
// names and their cards do not.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cardMetrics, evaluate } from '@jetsdk/eval';
import { withFacts } from '@jetsdk/export';
import { loadTagger } from '@jetsdk/infer';
import { learnedParameters, meanText, trainingsOf } from '@jetsdk/jets';
import { fileHash, openJets } from '@jetsdk/jets/files';
import { readCard } from '@jetsdk/onnx';
import { generatorReadme } from './generators.mjs';
import { regressorReadme } from './regressors.mjs';

const here = import.meta.dirname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: join(here, '../../shared/data') },
    run: { type: 'string', multiple: true, default: [] },
    measure: { type: 'boolean' },
  },
});
const list = (file) => JSON.parse(readFileSync(join(here, file), 'utf8'));
const regressors = list('regressors.json');
const generators = list('generators.json');
const taggers = list('models.json');
const all = { ...taggers, ...regressors, ...generators };
const folder = resolve(values.data);
const cores = availableParallelism();
const machine = `${cores} ${cores === 1 ? 'core' : 'cores'} of an ${cpus()[0].model.trim()}`;

const unknown = positionals.find((name) => !Object.hasOwn(all, name));
if (unknown !== undefined) {
  console.error(`models: no model ${unknown}; expected some of ${Object.keys(all).join(', ')}`);
  process.exit(2);
}

const asked = positionals.length > 0 ? positionals : Object.keys(values.measure ? taggers : all);
const untold = values.measure ? asked.find((name) => !Object.hasOwn(taggers, name)) : undefined;
if (untold !== undefined) {
  console.error(
    `models: --measure ${untold}; expected taggers alone: without --measure it is trained, exported and measured`,
  );
  process.exit(2);
}

const given = values.run.length;
const wanted = all[asked[0]].seeds ?? 1;
if (given > 0 && (asked.length > 1 || given !== wanted)) {
  console.error(
    `models: ${given} × --run for ${asked.join(', ')}; expected one model and ${wanted} × --run, each a training of it`,
  );
  process.exit(2);
}

for (const name of asked) {
  const { measure, precision, beside = [], version, licence } = all[name];
  const temporary = mkdtempSync(join(tmpdir(), 'jetsdk-models-'));
  try {
    if (values.measure) {
      await measureMore(name, all[name]);
      continue;
    }
    if (given === 0) for (const args of trainingCommands(all[name], temporary)) jetsdk(...args);
    const runs =
      given > 0 ? values.run.map((run) => resolve(run)) : runsOf(all[name]).map((run) => join(temporary, run));
    mkdirSync(join(here, name), { recursive: true });
    const compared = beside.length > 0 ? ['--beside', beside.join(',')] : [];
    const measured = [...measure.flatMap((file) => ['--measure', file]), ...compared];
    const identity = ['--name', name, '--model-version', version, '--licence', licence];
    if (precision !== undefined) identity.push('--precision', precision);
    jetsdk('export', ...runs, ...mirrorsOf(all[name]), ...identity, '-o', join(here, name, 'model.onnx'), ...measured);
    if (Object.hasOwn(regressors, name)) {
      const card = JSON.parse(readFileSync(join(here, name, 'card.json'), 'utf8'));
      writeFileSync(join(here, name, 'README.md'), regressorReadme(name, card, all[name]));
      continue;
    }
    if (Object.hasOwn(generators, name)) {
      const card = JSON.parse(readFileSync(join(here, name, 'generator.json'), 'utf8'));
      const { size } = statSync(join(here, name, 'model.onnx'));
      writeFileSync(join(here, name, 'README.md'), generatorReadme(name, card, size, machine, all[name]));
      continue;
    }
    const [first] = measure;
    const parity = JSON.parse(jetsdk('parity', join(here, name, 'model.onnx'), '--data', first, '--json'));
    writeFileSync(join(here, name, 'README.md'), readme(name, all[name], parity));
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/** Measures the model that is there on files that its card does not name, and writes them into its card and README. */
async function measureMore(name, entry) {
  const path = join(here, name, 'model.onnx');
  const bytes = readFileSync(path);
  const card = readCard(bytes);
  const tagger = await loadTagger(path, { device: 'cpu' });
  const metrics = [];
  for (const dataset of entry.measure) {
    const known = card.metrics.find((measured) => measured.dataset === dataset);
    if (known === undefined) {
      const source = await openJets(join(folder, dataset));
      const result = evaluate(await source.labels(), await tagger.score(source));
      source.close();
      metrics.push(cardMetrics(result, { dataset, datasetHash: await fileHash(join(folder, dataset)) }));
    } else metrics.push(known);
  }
  await tagger.dispose();
  const measured = withFacts({ bytes, card }, { metrics });
  writeFileSync(path, measured.bytes);
  writeFileSync(join(here, name, 'card.json'), `${JSON.stringify(measured.card, null, 2)}\n`);
  const about = join(here, name, 'README.md');
  const text = readFileSync(about, 'utf8')
    .replace(/(?<=\n(\|---){7}\|\n)[\s\S]*?(?=\n\n)/, metricRows(measured.card))
    .replace(/^jetsdk export .*$/m, exportCommand(name, entry));
  writeFileSync(about, text);
}

/** The trainings of a model, the last or only one into `run`: each of those of `then` goes on from the one before it. */
function trainingCommands(entry, folder = '') {
  const all = [entry.train, ...(entry.then ?? [])];
  const outputs = all.map((_, i) => join(folder, i === all.length - 1 ? 'run' : `run-${i + 1}`));
  return all.map((args, i) => [
    'train',
    ...args,
    ...seedsOf(entry),
    ...(i > 0 ? ['--from', outputs[i - 1]] : []),
    '-o',
    outputs[i],
  ]);
}

/** A model may be the mean of several trainings: their number. */
function seedsOf({ seeds }) {
  return seeds === undefined ? [] : ['--seeds', String(seeds)];
}

/** Where `jetsdk train -o run` puts its trainings. */
function runsOf({ seeds }) {
  return seeds === undefined ? ['run'] : Array.from({ length: seeds }, (_, i) => `run/seed-${i + 1}`);
}

function mirrorsOf({ mirrors }) {
  return mirrors ? ['--mirrors'] : [];
}

function exportCommand(name, entry) {
  const { version, licence, measure } = entry;
  return `jetsdk export ${[...runsOf(entry), ...mirrorsOf(entry)].join(' ')} --name ${name} --model-version ${version} --licence ${licence} -o model.onnx ${measure.map((file) => `--measure ${file}`).join(' ')}`;
}

/** The figures of a model, a line for each file. */
function metricRows({ metrics }) {
  const rejection = ({ rejection: points }, efficiency) => {
    const at = points.find(({ signalEfficiency }) => signalEfficiency === efficiency);
    return at === undefined ? '–' : `${at.rejection.toFixed(at.rejection < 100 ? 1 : 0)} (k = ${at.falsePositives})`;
  };
  return metrics
    .map(
      (m) =>
        `| ${m.dataset}${m.where === undefined ? '' : `, ${m.where.column} = ${m.where.equals}`} | ${m.signal + m.background} | ${m.auc.toFixed(4)} ± ${m.aucStdErr.toFixed(4)} | ${m.accuracy.toFixed(4)} | ${rejection(m, 0.3)} | ${rejection(m, 0.5)} | ${m.rejectionArea?.toFixed(1) ?? '–'} |`,
    )
    .join('\n');
}

function runtimeRow({ runtime, maxAbsDifference, jetsPerSecond }) {
  return `| ${runtime} | ${maxAbsDifference.toExponential(1)} | ${jetsPerSecond.toLocaleString('en')} |`;
}

function jetsdk(...args) {
  const { status, stdout } = spawnSync(process.execPath, [join(here, '../packages/cli/bin/jetsdk.js'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  process.stdout.write(stdout);
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}

/** Of each training: the epoch that was taken, the seed and what it took. */
function epochs(trainings) {
  const [{ bestEpoch, epochs, validationJets, seed, backend, seconds, initial }] = trainings;
  const begun = initial === undefined ? '' : `, from the weights of an earlier training of \`${initial.network}\``;
  if (trainings.length === 1)
    return `the best epoch (${bestEpoch} of
${epochs}) chosen on ${validationJets} others${begun}; seed ${seed}, backend ${backend}, ${Math.round(seconds)} s.`;
  return `the best epochs chosen on ${validationJets} others:

| seed | best epoch | backend | seconds |
|---|---|---|---|
${trainings.map((one) => `| ${one.seed} | ${one.bestEpoch} of ${one.epochs} | ${one.backend} | ${Math.round(one.seconds)} |`).join('\n')}
`;
}

function meanSentence(mean) {
  const greek = { eta: 'η', phi: 'φ' };
  const images = mean.images?.map((axes) =>
    axes.length === 0 ? 'as it is' : `mirrored along ${axes.map((axis) => greek[axis]).join(' and ')}`,
  );
  return `Its score is the mean of ${meanText(mean)}${images === undefined ? '' : ` (${images.join(', ')})`}.`;
}

function readme(name, entry, { jets, devices }) {
  const card = JSON.parse(readFileSync(join(here, name, 'card.json'), 'utf8'));
  const { training, recipe, parity, mean } = card;
  const datasets = training.files ?? [{ name: training.dataset, hash: training.datasetHash }];
  const ran = devices.filter(({ reason }) => reason === undefined);
  const missing = devices.filter(({ reason }) => reason !== undefined).map(({ device }) => device);
  return `# ${name}

${card.task}: \`${training.network}\`, ${learnedParameters(card).toLocaleString('en')} parameters, ${recipe === undefined ? `the ${card.input.shape[0]} leading constituents` : `recipe \`${recipe.name}\``}.${mean === undefined ? '' : `\n\n${meanSentence(mean)}`}

| jets | number | AUC ± DeLong | accuracy | 1/ε_B at ε_S = 0.3 | at 0.5 | area |
|---|---|---|---|---|---|---|
${metricRows(card)}

k is the number of background jets that pass; the area is that under (ε_S, 1/ε_B) from 0.1 to 0.9.

| runtime | largest difference | jets/s |
|---|---|---|
${ran.map(runtimeRow).join('\n')}

The differences in score are to the first line, on ${jets} jets${missing.length > 0 ? ` (${missing.join(' and ')} not measured)` : ''}; the speed is that of jets in memory, imaging included, on ${machine}.

Trained on ${training.trainJets} jets of ${datasets.map(({ name, hash }) => `\`${name}\` (SHA-256 ${hash})`).join(' and ')}, ${epochs(trainingsOf(card))}
${parity[0].runtime} differs from the ${mean === undefined ? 'trained network' : `mean of ${meanText(mean)}`} by ${parity[0].maxAbsDifference.toExponential(1)} at most, on ${parity[0].jets} jets.${entry.note === undefined ? '' : `\n\n${entry.note}`}

\`\`\`
${trainingCommands(entry)
  .map((args) => `jetsdk ${args.join(' ')}`)
  .join('\n')}
${exportCommand(name, entry)}
\`\`\`

\`npm run models -- ${name}\` does ${entry.then === undefined ? 'both' : 'all of it'}; \`npm run check:models\` recomputes the figures.
`;
}
