import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { digest } from '../compare.testing.js';
import { fit } from '../fit/fit.js';
import { prongImages } from '../images.testing.js';
import { artifactsOf } from '../model/artifacts.js';
import { loadRun } from '../run/loadRun.js';
import { type RunRequest, trainRun } from '../run/trainRun.js';
import { type NetworkName, zoo } from '../zoo/index.js';
import { buildNetwork } from './buildNetwork.js';
import { loadNetwork } from './loadNetwork.js';
import type { Network } from './network.js';

const fixtures = join(import.meta.dirname, '../../fixtures');
const shape = [12, 12, 1];
const training = prongImages(60, 12, 1);

let folder: string;
beforeAll(() => selectBackend('wasm', { threads: 1 }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-network-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(content: string, name = 'mynet.mjs'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function weightsOf(model: LayersModel): Promise<string> {
  const weights = digest(await artifactsOf(model));
  model.dispose();
  return weights;
}

const weights = async (network: Network, seed = 5, inputShape = shape): Promise<string> =>
  weightsOf(await buildNetwork(network, { inputShape, seed }));

const DENSE = `({ layers, inputShape, outputs }) =>
  layers.sequential({
    layers: [
      layers.flatten({ inputShape }),
      layers.dense({ units: 6, activation: 'relu' }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: outputs, activation: 'sigmoid', kernelInitializer: layers.initializers.heNormal({}) }),
    ],
  })`;

describe('loadNetwork', () => {
  test('gives the networks of the zoo by name', async () => {
    expect(await loadNetwork('course-cnn')).toBe(zoo['course-cnn']);
    await expect(loadNetwork('course-cnnn')).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(
        /network "course-cnnn"; expected course-cnn, .*or a file that ends with .mjs.*; did you mean course-cnn\?$/,
      ),
    });
  });

  test('reads a build function: its weights follow from the seed though the author does nothing', async () => {
    const network = await loadNetwork(await file(`export default ${DENSE};`));
    expect(network.name).toBe('mynet');
    expect(await weights(network)).toBe(await weights(network));
    expect(await weights(network)).not.toBe(await weights(network, 6));
    const model = await buildNetwork(network, { inputShape: shape, seed: 1 });
    expect(model.layers.map(({ name }) => name)).toEqual(['flatten_1', 'dense_1', 'dropout_1', 'dense_2']);
    model.dispose();
  });

  test('reads a network with all it says of itself, and takes another version of the file as another network', async () => {
    const written = (units: number) => `export default {
      description: 'mine', recipe: 'course-30', inputShape: [12, 12, 1], outputs: 1,
      defaults: { epochs: 3 }, settings: { hidden: { units: ${units} } },
      build: ({ layers, inputShape, settings }) => layers.sequential({ layers: [
        layers.flatten({ inputShape }),
        layers.dense({ units: settings.hidden.units }),
        layers.dense({ units: 1, activation: 'sigmoid' }),
      ] }) };`;
    const path = await file(written(7));
    const network = await loadNetwork(path);
    expect(network).toMatchObject({ description: 'mine', recipe: 'course-30', defaults: { epochs: 3 } });
    await writeFile(path, written(9));
    const changed = await loadNetwork(path);
    expect(changed.settings).toEqual({ hidden: { units: 9 } });
    expect(changed.source?.sha256).not.toBe(network.source?.sha256);
  });

  test.each([
    ['a syntax error', 'export default {{', /mynet.mjs: cannot be run/],
    ['a throw', '\nthrow new Error("no luck");', /mynet.mjs: cannot be run.*: no luck/],
    ['no default export', 'export const a = 1;', /its default export is undefined; expected a network/],
    ['no build function', 'export default { description: "x" };', /build is undefined; expected a function/],
    ['an unknown key', 'export default { biuld() {} };', /no key "biuld" in a network; expected name, /],
    [
      'settings that are none',
      'export default { settings: { a: [1] }, build() {} };',
      /settings is .*; expected numbers/,
    ],
    ['defaults that are none', 'export default { defaults: { epoch: 1 }, build() {} };', /defaults.epoch: got 1/],
  ])('refuses a file with %s', async (_, content, message) => {
    await expect(loadNetwork(await file(content))).rejects.toMatchObject({
      name: 'JetError',
      code: 'BAD_FILE',
      message: expect.stringMatching(message),
    });
  });

  test('refuses a file that is not there', async () => {
    await expect(loadNetwork(join(folder, 'none.mjs'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});

describe('buildNetwork', () => {
  test.each<[string, Network['build'], string, RegExp]>([
    [
      'throws',
      () => {
        throw new Error('no luck');
      },
      'BAD_MODEL',
      /its build function fails.*: no luck/,
    ],
    ['gives nothing', () => undefined as never, 'BAD_MODEL', /gives nothing; expected layers.sequential/],
    [
      'gives another shape',
      ({ layers }) => layers.sequential({ layers: [layers.dense({ units: 1, inputShape: [5] })] }),
      'BAD_MODEL',
      /takes 5; expected one that takes jets of 12×12×1/,
    ],
    [
      'gives images',
      ({ layers, inputShape }) =>
        layers.sequential({ layers: [layers.conv2d({ filters: 1, kernelSize: 3, inputShape: [...inputShape] })] }),
      'BAD_MODEL',
      /gives 10×10×1; expected one or more numbers per jet/,
    ],
    [
      'has noise that cannot be repeated',
      ({ layers }) => layers.sequential({ layers: [layers.gaussianNoise({ stddev: 1 })] }),
      'UNSUPPORTED',
      /layers.gaussianNoise/,
    ],
  ])('refuses a build function that %s', async (_, build, code, message) => {
    const built = buildNetwork(build, { inputShape: shape, seed: 1 });
    await expect(built).rejects.toMatchObject({ name: 'JetError', code, message: expect.stringMatching(message) });
  });

  test('gives settings in the place of those declared, and refuses others with the list', async () => {
    const built = (settings: Record<string, number | string | boolean>) =>
      buildNetwork(zoo['course-cnn'], { seed: 1, settings });
    const model = await built({ 'hidden.units': '16', 'conv.filters': 4, dropout: 0.5 });
    expect(model.layers.map((layer) => layer.name)).toContain('dropout');
    expect(model.getLayer('hidden').outputShape).toEqual([null, 16]);
    model.dispose();
    await expect(built({ units: 3 })).rejects.toThrow(
      /course-cnn: no setting "units"; expected conv.filters, conv.size, hidden.units, dropout/,
    );
    await expect(built({ 'hidden.units': 'many' })).rejects.toThrow(/hidden.units: got "many"; expected a number/);
  });
});

describe('a network that is written as JSON', () => {
  test.each(['course-cnn', 'course-dense', 'tutorial-cnn', 'constituent-dnn'] as const)(
    '%s without its seeds begins with the weights of the one in code, and trains alike',
    async (name: NetworkName) => {
      const { inputShape } = zoo[name];
      const model = await buildNetwork(zoo[name], { seed: 3 });
      const text = JSON.stringify(model.toJSON(null, false))
        .replaceAll(/"seed":\d+/g, '"seed":null')
        .replaceAll('SeededDropout', 'Dropout');
      model.dispose();
      const network = await loadNetwork(await file(text, 'net.json'));
      expect(network.inputShape).toEqual(inputShape);
      expect(await weights(network, 9, [...inputShape])).toBe(await weights(zoo[name], 9, [...inputShape]));
      const trained = async (one: Network): Promise<string> => {
        const built = await buildNetwork(one, { inputShape, seed: 9 });
        const size = inputShape.reduce((a, b) => a * b, 1);
        const inputs = {
          shape: [20, ...inputShape],
          data: Float32Array.from({ length: 20 * size }, (_, i) => ((i * 7919) % 13) / 13),
        };
        const examples = { inputs, labels: Uint8Array.from({ length: 20 }, (_, jet) => jet % 2) };
        const settings = { batchSize: 10, epochs: 2, patience: 2, learningRate: 1e-3, seed: 9 };
        await fit(built, examples, { ...settings, validation: examples });
        return weightsOf(built);
      };
      expect(await trained(network)).toBe(await trained(zoo[name]));
    },
  );

  test.each([
    ['sequential', 40 + 16 + 1160 + 9],
    ['functional', 40 + 20 + 15 + 16],
  ])('is read as Keras 3 writes it: %s', async (kind, parameters) => {
    const network = await loadNetwork(join(fixtures, `keras3-${kind}.json`));
    expect(network.inputShape).toEqual(shape);
    const model = await buildNetwork(network, { inputShape: shape, seed: 1 });
    expect(model.countParams()).toBe(parameters);
    expect(await weightsOf(model)).toBe(await weights(network, 1));
    expect(await weights(network, 2)).not.toBe(await weights(network, 1));
  });

  test.each([
    ['is none', '{"a":1}', 'BAD_FILE', /expected the layers of a Sequential or functional model/],
    ['is no JSON', '{', 'BAD_FILE', /JSON/],
    [
      'has a class of its own',
      '{"module":"keras","class_name":"Sequential","config":{"layers":[{"module":"mine","class_name":"Twist","registered_name":"mine>Twist","config":{"name":"twist"}}]}}',
      'UNSUPPORTED',
      /layer "twist" \(Twist\): got class mine>Twist of mine; expected layers of Keras/,
    ],
  ])('is refused where it %s', async (_, content, code, message) => {
    await expect(loadNetwork(await file(content, 'net.json'))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test('is refused where a layer is not known, by its name', async () => {
    const text = await readFile(join(fixtures, 'keras3-sequential.json'), 'utf8');
    const unknown = loadNetwork(await file(text.replace('"MaxPooling2D"', '"Twist"'), 'net.json'));
    await expect(unknown).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/no layer Twist here/),
    });
  });
});

describe('trainRun with a network of one’s own', () => {
  const request = { seed: 2, epochs: 1, batchSize: 20, dataset: { name: 'prongs' } };
  const run = (change: Partial<RunRequest> & Pick<RunRequest, 'network'>, name = 'run') =>
    trainRun(join(folder, name), { ...request, ...change }, training, training);

  test('keeps its source with its hash, and resumes with the same source alone', async () => {
    const path = await file(`export default ${DENSE};`);
    const network = await loadNetwork(path);
    await run({ network });
    const { run: read } = await loadRun(join(folder, 'run'));
    expect(read.settings.network).toBe('mynet');
    expect(read.source).toEqual({ file: 'mynet.mjs', copy: 'network.mjs', sha256: network.source?.sha256 });
    expect(await readFile(join(folder, 'run', 'network.mjs'), 'utf8')).toBe(await readFile(path, 'utf8'));
    await run({ network, epochs: 2, resume: true });
    await writeFile(path, `// changed\nexport default ${DENSE};`);
    const changed = await loadNetwork(path);
    await expect(run({ network: changed, epochs: 3, resume: true })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      details: { key: 'source.sha256' },
    });
  });

  test('ends with the same weights when it was interrupted, in code as well as from a file', async () => {
    const { build } = await loadNetwork(await file(`export default ${DENSE};`));
    await run({ network: build, epochs: 3 }, 'whole');
    await run({ network: build, epochs: 1 }, 'parts');
    await run({ network: build, epochs: 3, resume: true }, 'parts');
    const [whole, parts] = await Promise.all(['whole', 'parts'].map((name) => loadRun(join(folder, name))));
    expect(digest(parts.artifacts)).toBe(digest(whole.artifacts));
    expect(parts.artifacts.topology).toEqual(whole.artifacts.topology);
  });

  test('refuses outputs that are no probabilities before anything is written', async () => {
    const last =
      (activation: 'linear' | 'sigmoid', units: number): Network['build'] =>
      ({ layers, inputShape }) =>
        layers.sequential({
          layers: [layers.flatten({ inputShape: [...inputShape] }), layers.dense({ units, activation })],
        });
    const bad = { code: 'BAD_MODEL', message: expect.stringMatching(/expected probabilities/) };
    await expect(run({ network: last('linear', 1) })).rejects.toMatchObject(bad);
    await expect(run({ network: last('sigmoid', 2) })).rejects.toMatchObject(bad);
    await expect(loadRun(join(folder, 'run'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test('records the settings of the network, and begins only with weights of the same shapes', async () => {
    const network = 'course-cnn';
    await run({ network, networkSettings: { 'hidden.units': 8 } });
    const { run: read } = await loadRun(join(folder, 'run'));
    expect(read.networkSettings).toEqual({ 'conv.filters': 8, 'conv.size': 3, 'hidden.units': 8, dropout: 0 });
    await expect(run({ network, from: join(folder, 'run') }, 'next')).rejects.toThrow(/with other layers/);
  });
});
