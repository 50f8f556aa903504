// Runs in a project that has the packages from their tarballs, with test.h5, images.npy and scoreNhwc.onnx beside it.
// Imports the modules named in its arguments, then goes from jets to a report, and prints what came out as JSON.
import { writeFileSync } from 'node:fs';
import { bootstrap, evaluate, roc } from '@jetsdk/eval';
import { certify, exportModel } from '@jetsdk/export';
import { loadTagger, openModel } from '@jetsdk/infer';
import { makeImages, namedRecipe } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { report } from '@jetsdk/plots';
import { artifactsOf, buildNetwork, predict, selectBackend, zoo } from '@jetsdk/train';

const empty = [];
for (const name of process.argv.slice(2)) if (Object.keys(await import(name)).length === 0) empty.push(name);

const source = await openJets('test.h5');
const jets = await source.read(0, 200);
const labels = (await source.labels()).subarray(0, 200);
source.close();
const recipe = namedRecipe('course-30-sum');
const images = makeImages(recipe, jets);

const backend = await selectBackend('wasm', { threads: 2 });
const model = await buildNetwork(zoo['course-cnn'], { inputShape: images.shape.slice(1), seed: 1 });
const { bytes } = exportModel(await artifactsOf(model));
const reference = await predict(model, images);
const parity = await certify({ bytes, inputs: images, reference, open: openModel });

const tagger = await loadTagger(bytes, { device: 'cpu', threads: 2, recipe });
const scores = await tagger.score(jets);
await tagger.dispose();
const result = evaluate(labels, scores, { name: 'untrained' });
const [{ stdErr }] = await bootstrap(labels, [scores], { metric: { name: 'auc' }, replicates: 20, workers: 2 });
const curve = { name: 'untrained', ...roc(labels, scores) };
writeFileSync('report.html', report({ title: 'Packed', results: [result], curves: [curve] }));

const fixed = await loadTagger('scoreNhwc.onnx', { device: 'cpu' });
const five = await fixed.score(await openJets('images.npy'));
const runtime = fixed.info.runtime;
await fixed.dispose();

process.stdout.write(
  JSON.stringify({
    node: process.versions.node,
    empty,
    images: images.shape,
    backend: backend.name,
    parityJets: parity.jets,
    scores: scores.length,
    jets: result.jets,
    aucStdErr: stdErr,
    five: [...five],
    runtime,
  }),
);
