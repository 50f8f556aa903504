import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readZip } from '@jetsdk/jets/files';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { loadLayersModel } from './loadModel.js';

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-foreign-'));
const fixtures = join(import.meta.dirname, '../../fixtures/keras');
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  await selectBackend('cpu');
});

type Json = Record<string, unknown>;

/** A model.json with its weights, all of one value, stored as `type` says. */
function layersModel(name: string, change: (json: Json) => void = () => {}, type = 'float32'): string {
  const dense = { units: 2, name: 'd', activation: 'linear', use_bias: true };
  const bytes = { float32: 4, float16: 2, uint16: 2, uint8: 1 }[type]!;
  const quantization =
    type === 'float32'
      ? {}
      : { quantization: type === 'float16' ? { dtype: type } : { dtype: type, scale: 0.5, min: -1 } };
  const json: Json = {
    modelTopology: {
      keras_version: '3.8.0',
      model_config: {
        class_name: 'Sequential',
        config: {
          name: 'sequential',
          layers: [
            { class_name: 'InputLayer', config: { batch_shape: [null, 3], dtype: 'float32', name: 'x' } },
            { class_name: 'Dense', config: dense },
          ],
        },
      },
    },
    weightsManifest: [
      {
        paths: [`${name}.bin`],
        weights: [
          { name: 'sequential/d/kernel', shape: [3, 2], dtype: 'float32', ...quantization },
          { name: 'sequential/d/bias', shape: [2], dtype: 'float32', ...quantization },
        ],
      },
    ],
  };
  change(json);
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(json));
  // float16 of 0.5; whole numbers 3 as 3 · 0.5 − 1
  const one = type === 'float16' ? [0, 0x38] : type === 'float32' ? [0, 0, 0, 0x3f] : [3, 0].slice(0, bytes);
  writeFileSync(join(folder, `${name}.bin`), Uint8Array.from(Array.from({ length: 8 }, () => one).flat()));
  return path;
}

describe('a layers model of TensorFlow.js', () => {
  it.each(['float32', 'float16', 'uint16', 'uint8'])(
    'is read with weights as %s, also as Keras 3 writes it',
    async (type) => {
      const { weights } = await loadLayersModel(layersModel(`as-${type}`, undefined, type));
      expect(weights.map(({ name, shape, data }) => [name, shape, [...new Set(data)]])).toEqual([
        ['d/kernel', [3, 2], [0.5]],
        ['d/bias', [2], [0.5]],
      ]);
    },
  );

  it('is read from an address, and refused where that has none', async () => {
    layersModel('far');
    const server = createServer((request, response) => {
      const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
      if (search !== '?token=1') response.writeHead(404).end();
      else response.end(readFileSync(join(folder, pathname)));
    }).listen(0);
    await new Promise((resolve) => server.once('listening', resolve));
    const at = `http://localhost:${(server.address() as AddressInfo).port}/far.json`;
    try {
      expect((await loadLayersModel(`${at}?token=1`)).weights.length).toBe(2);
      await expect(loadLayersModel(at)).rejects.toMatchObject({ code: 'REMOTE' });
    } finally {
      server.close();
    }
  });

  test.each<[string, (json: Json) => void, string, RegExp]>([
    [
      'a graph model',
      (json) => {
        json['modelTopology'] = { node: [{ name: 'x', op: 'Placeholder' }] };
      },
      'UNSUPPORTED',
      /a TensorFlow.js graph model/,
    ],
    [
      'a graph model that has its graph elsewhere',
      (json) => {
        json['format'] = 'graph-model';
        json['modelTopology'] = {};
      },
      'UNSUPPORTED',
      /a TensorFlow.js graph model/,
    ],
    [
      'more weights than memory may hold',
      ({ weightsManifest }) => {
        (weightsManifest as { weights: { shape: number[] }[] }[])[0]!.weights[0]!.shape = [2 ** 16, 2 ** 16];
      },
      'LIMIT_EXCEEDED',
      /weights of 17179869192 bytes; expected at most/,
    ],
    [
      'a shape that is none',
      ({ weightsManifest }) => {
        (weightsManifest as { weights: { shape: unknown }[] }[])[0]!.weights[0]!.shape = null;
      },
      'BAD_FILE',
      /has type "float32" and shape null/,
    ],
    [
      'weights elsewhere',
      ({ weightsManifest }) => {
        (weightsManifest as { paths: string[] }[])[0]!.paths = ['../else.bin'];
      },
      'BAD_FILE',
      /lies outside the model's folder/,
    ],
    [
      'a weight of another layer',
      ({ weightsManifest }) => {
        (weightsManifest as { weights: { name: string }[] }[])[0]!.weights[0]!.name = 'sequential/e/kernel';
      },
      'BAD_MODEL',
      /layer "d": no weight "d\/kernel"/,
    ],
  ])('is refused with %s, in one sentence', async (what, change, code, message) => {
    const error = await loadLayersModel(layersModel(what.replaceAll(' ', '-'), change)).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(String(error).length).toBeLessThan(500);
  });
});

describe.skipIf(process.platform === 'win32')(
  'weights beside model.json (skipped on Windows, which has no such links)',
  () => {
    it.each<[what: string, make: (path: string) => void, problem: string]>([
      ['a device behind a link', (path) => symlinkSync('/dev/zero', path), "a link out of the model's folder"],
      [
        'a file outside, behind a link',
        (path) => symlinkSync(import.meta.filename, path),
        "a link out of the model's folder",
      ],
      ['a folder', (path) => mkdirSync(path), 'no regular file'],
      ['a pipe', (path) => void spawnSync('mkfifo', [path]), 'no regular file'],
      [
        'more than the weights take',
        (path) => {
          writeFileSync(path, '');
          truncateSync(path, 2 ** 33);
        },
        'hold more than 32 bytes; expected 32',
      ],
    ])('are not read where they are %s', async (what, make, problem) => {
      const name = what.replaceAll(' ', '-');
      const path = layersModel(name);
      rmSync(join(folder, `${name}.bin`));
      make(join(folder, `${name}.bin`));
      await expect(loadLayersModel(path)).rejects.toMatchObject({
        code: 'BAD_FILE',
        message: expect.stringContaining(problem),
      });
    });

    it('are read no further than the weights take, however often a file is named', async () => {
      const path = layersModel('often', ({ weightsManifest }) => {
        (weightsManifest as { paths: string[] }[])[0]!.paths = Array.from({ length: 1e5 }, () => 'often.bin');
      });
      const error = await loadLayersModel(path).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('hold more than 32 bytes') });
      expect(String(error).length).toBeLessThan(500);
    });
  },
);

/** A copy of a `.keras` fixture, with its members changed. */
function archive(name: string, change: (members: Map<string, Uint8Array>) => void): string {
  const bytes = readFileSync(join(fixtures, 'graph-keras3.keras'));
  const members = new Map(readZip(bytes, name, { members: 10, bytes: 2 ** 24 }));
  change(members);
  const path = join(folder, `${name}.keras`);
  writeFileSync(path, zipSync(Object.fromEntries(members)));
  return path;
}

/** The architecture with some of its text replaced. */
const edited = (from: string | RegExp, to: string) => (members: Map<string, Uint8Array>) => {
  const before = new TextDecoder().decode(members.get('config.json'));
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  members.set('config.json', new TextEncoder().encode(after));
};

describe('a file of Keras is refused, naming what stands in the way and what to do', () => {
  test.each<[string, (members: Map<string, Uint8Array>) => void, string, RegExp]>([
    [
      'a Lambda',
      edited('"class_name": "ReLU"', '"class_name": "Lambda"'),
      'UNSUPPORTED',
      /layer "re_lu" \(Lambda\): a Lambda, whose Python code cannot be run here; replace it by layers/,
    ],
    [
      'a class of its own',
      edited(
        '"module": "keras.layers", "class_name": "ReLU"',
        '"module": "mine", "registered_name": "mine>Twist", "class_name": "Twist"',
      ),
      'UNSUPPORTED',
      /layer "re_lu" \(Twist\): got class .* of mine; expected layers of Keras; replace it/,
    ],
    [
      'a layer that is not known',
      edited('"class_name": "ReLU"', '"class_name": "Twist"'),
      'UNSUPPORTED',
      /layer "re_lu" \(Twist\): no layer Twist here; expected one that docs\/keras.md lists; replace it/,
    ],
    [
      'an operation that is no layer',
      edited('"module": "keras.layers", "class_name": "Add"', '"module": "keras.src.ops.numpy", "class_name": "Add"'),
      'UNSUPPORTED',
      /layer "add" \(Add\): an operation of TensorFlow that is no layer/,
    ],
    [
      'an option that is not known',
      edited('"max_value": 6.0', '"max_value": 6.0, "twist": 3'),
      'UNSUPPORTED',
      /layer "re_lu" \(ReLU\): got twist 3; expected nothing of the kind/,
    ],
    [
      'an activation that is not known',
      edited('"activation": "tanh"', '"activation": "twist"'),
      'UNSUPPORTED',
      /layer "shared" \(Dense\): got activation "twist"; expected linear, relu,/,
    ],
    [
      'numbers of another width',
      edited(
        '"class_name": "DTypePolicy", "config": {"name": "float32"}',
        '"class_name": "DTypePolicy", "config": {"name": "float64"}',
      ),
      'UNSUPPORTED',
      /got dtype "float64"; expected float32, or mixed precision; build the network in float32/,
    ],
    [
      'a version that is not known',
      (members) => members.set('metadata.json', new TextEncoder().encode('{"keras_version": "4.0.0"}')),
      'UNSUPPORTED',
      /written by Keras 4.0.0; expected Keras 2 or 3; load and save it with one of these/,
    ],
    [
      'no version',
      (members) => members.set('metadata.json', new TextEncoder().encode('{}')),
      'BAD_FILE',
      /no keras_version/,
    ],
    ['no config.json', (members) => members.delete('config.json'), 'BAD_FILE', /without config.json/],
    ['no weights', (members) => members.delete('model.weights.h5'), 'UNSUPPORTED', /no model.weights.h5/],
    [
      'damaged weights',
      (members) => members.set('model.weights.h5', members.get('model.weights.h5')!.slice(0, 2000)),
      'BAD_FILE',
      /the file is truncated or corrupt/,
    ],
    [
      'weights of another shape',
      edited('"units": 1,', '"units": 2,'),
      'SHAPE_MISMATCH',
      /layer "score": weight "0" of shape \[\d+,1\]; expected \[\d+,2\]; is it the architecture of these weights\?/,
    ],
    [
      'weights of fewer layers',
      edited('"use_bias": true', '"use_bias": false'),
      'BAD_MODEL',
      /2 weights; expected 1, \w+\/kernel/,
    ],
  ])('%s', async (what, change, code, message) => {
    await expect(loadLayersModel(archive(what.replaceAll(' ', '-'), change))).rejects.toMatchObject({
      name: 'JetError',
      code,
      message: expect.stringMatching(message),
    });
  });

  test('channels first', async () => {
    const bytes = readFileSync(join(fixtures, 'images-keras3.keras'));
    const members = new Map(readZip(bytes, 'images', { members: 10, bytes: 2 ** 24 }));
    edited('"data_format": "channels_last"', '"data_format": "channels_first"')(members);
    const path = join(folder, 'first.keras');
    writeFileSync(path, zipSync(Object.fromEntries(members)));
    await expect(loadLayersModel(path)).rejects.toThrow(
      /layer "conv2d" \(Conv2D\): got data_format "channels_first"; expected "channels_last" or null; build the network with data_format='channels_last'/,
    );
  });

  test('weights without their architecture, an architecture without weights, and one too many', async () => {
    const at = (name: string): string => join(fixtures, name);
    await expect(loadLayersModel(at('graph-keras3.weights.h5'))).rejects.toThrow(/without their architecture/);
    await expect(loadLayersModel(at('graph-keras3.json'))).rejects.toThrow(/an architecture without weights/);
    await expect(
      loadLayersModel(at('graph-keras3.keras'), { architecture: at('graph-keras3.json') }),
    ).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(
      loadLayersModel(at('graph-keras2-named-weights.h5'), { architecture: at('../keras3-sequential.json') }),
    ).rejects.toMatchObject({ code: 'BAD_MODEL', message: expect.stringMatching(/weights of a layer/) });
  });

  test('folders, other HDF5 files, and what is no model', async () => {
    await expect(loadLayersModel(folder)).rejects.toThrow(/a folder; expected the file of a model/);
    const jets = join(import.meta.dirname, '../../../jets/fixtures/constituents.h5');
    await expect(loadLayersModel(jets)).rejects.toThrow(/an HDF5 file without layers/);
    const other = join(folder, 'other.json');
    writeFileSync(other, '{"a": 1}');
    await expect(loadLayersModel(other)).rejects.toMatchObject({ code: 'BAD_FILE' });
    await expect(loadLayersModel(join(folder, 'none.h5'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
