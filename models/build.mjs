// Trains, exports and measures the reference models: npm run models -- [--data FOLDER] [NAME…]
// FOLDER holds the datasets that models.json names; default ../shared/data beside the repository.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { regressorReadme } from './regressors.mjs';

const here = import.meta.dirname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string', default: join(here, '../../shared/data') }, run: { type: 'string' } },
});
const list = (file) => JSON.parse(readFileSync(join(here, file), 'utf8'));
const regressors = list('regressors.json');
const all = { ...list('models.json'), ...regressors };
const folder = resolve(values.data);
const machine = `${availableParallelism()} cores of an ${cpus()[0].model.trim()}`;

const unknown = positionals.find((name) => !Object.hasOwn(all, name));
if (unknown !== undefined) {
  console.error(`models: no model ${unknown}; expected some of ${Object.keys(all).join(', ')}`);
  process.exit(2);
}

for (const name of positionals.length > 0 ? positionals : Object.keys(all)) {
  const { train, measure, beside = [], version, licence } = all[name];
  const temporary = mkdtempSync(join(tmpdir(), 'jetsdk-models-'));
  try {
    const run = values.run === undefined ? join(temporary, 'run') : resolve(values.run);
    if (values.run === undefined) jetsdk('train', ...train, '-o', run);
    mkdirSync(join(here, name), { recursive: true });
    const compared = beside.length > 0 ? ['--beside', beside.join(',')] : [];
    const measured = [...measure.flatMap((file) => ['--measure', file]), ...compared];
    const identity = ['--name', name, '--model-version', version, '--licence', licence];
    jetsdk('export', run, ...identity, '-o', join(here, name, 'model.onnx'), ...measured);
    if (Object.hasOwn(regressors, name)) {
      const card = JSON.parse(readFileSync(join(here, name, 'card.json'), 'utf8'));
      writeFileSync(join(here, name, 'README.md'), regressorReadme(name, card, all[name]));
      continue;
    }
    const [first] = measure;
    const parity = JSON.parse(jetsdk('parity', join(here, name, 'model.onnx'), '--data', first, '--json'));
    writeFileSync(join(here, name, 'README.md'), readme(name, all[name], parity));
  } finally {
    rmSync(temporary, { recursive: true });
  }
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

function readme(name, { train, measure, version, licence }, { jets, devices }) {
  const card = JSON.parse(readFileSync(join(here, name, 'card.json'), 'utf8'));
  const { training, recipe, metrics, parity } = card;
  const ran = devices.filter(({ reason }) => reason === undefined);
  const missing = devices.filter(({ reason }) => reason !== undefined).map(({ device }) => device);
  const rejection = ({ rejection: points }, efficiency) => {
    const at = points.find(({ signalEfficiency }) => signalEfficiency === efficiency);
    return at === undefined ? '–' : `${at.rejection.toFixed(at.rejection < 100 ? 1 : 0)} (k = ${at.falsePositives})`;
  };
  const rows = metrics.map(
    (m) =>
      `| ${m.dataset}${m.where === undefined ? '' : `, ${m.where.column} = ${m.where.equals}`} | ${m.signal + m.background} | ${m.auc.toFixed(4)} ± ${m.aucStdErr.toFixed(4)} | ${m.accuracy.toFixed(4)} | ${rejection(m, 0.3)} | ${rejection(m, 0.5)} | ${m.rejectionArea?.toFixed(1) ?? '–'} |`,
  );
  return `# ${name}

${card.task}: \`${training.network}\`, ${training.parameters.toLocaleString('en')} parameters, ${recipe === undefined ? `the ${card.input.shape[0]} leading constituents` : `recipe \`${recipe.name}\``}.

| jets | number | AUC ± DeLong | accuracy | 1/ε_B at ε_S = 0.3 | at 0.5 | area |
|---|---|---|---|---|---|---|
${rows.join('\n')}

k is the number of background jets that pass; the area is that under (ε_S, 1/ε_B) from 0.1 to 0.9.

| runtime | largest difference | jets/s |
|---|---|---|
${ran.map(runtimeRow).join('\n')}

The differences in score are to the first line, on ${jets} jets${missing.length > 0 ? ` (${missing.join(' and ')} not measured)` : ''}; the speed is that of jets in memory, imaging included, on ${machine}.

Trained on ${training.trainJets} jets of \`${training.dataset}\` (SHA-256 ${training.datasetHash}), the best epoch (${training.bestEpoch} of
${training.epochs}) chosen on ${training.validationJets} others; seed ${training.seed}, backend ${training.backend}, ${Math.round(training.seconds)} s.
${parity[0].runtime} differs from the trained network by ${parity[0].maxAbsDifference.toExponential(1)} at most, on ${parity[0].jets} jets.

\`\`\`
jetsdk train ${train.join(' ')} -o run
jetsdk export run --name ${name} --model-version ${version} --licence ${licence} -o model.onnx ${measure.map((file) => `--measure ${file}`).join(' ')}
\`\`\`

\`npm run models -- ${name}\` does both; \`npm run check:models\` recomputes the figures.
`;
}
