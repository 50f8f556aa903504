import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
// the built package: worker threads run built files
import { isServedModel, type LoadOptions, loadTagger, type Tagger } from '@jetsdk/infer';
import { type JetErrorCode, jets, sliceJets, toHalf } from '@jetsdk/jets';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { gated, modelWithRecipe, serve, someJets } from '../server/server.testing.js';
import { expectedScores, failure, fixture, fixtureImages, maxDifference } from '../testing/fixtures.testing.js';
import { runModel } from '../testing/runModel.testing.js';

const TOLERANCE = 1e-5;

let tagger: Tagger;
beforeAll(async () => {
  tagger = await loadTagger(modelWithRecipe(), { device: 'cpu', threads: 1 });
});
afterAll(() => tagger.dispose());

/** A server that answers by `handle`; closed after the test. */
async function answering(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/models/m`;
}

interface StandIn {
  readonly model: string;
  readonly inputs: object[];
  readonly outputs: object[];
  readonly extensions?: readonly string[];
  readonly config?: object;
  readonly platform?: string;
  /** changes the answer before it is sent */
  readonly spoil?: (json: Record<string, unknown>, bytes: Uint8Array) => Uint8Array;
}

interface Seen {
  readonly inputs: { name: string; datatype: string; shape: number[]; data?: number[] }[];
}

/** A stand-in for Triton: the bare network behind the protocol, run by ONNX Runtime, with no more jets than it allows. */
async function standIn(options: StandIn): Promise<{ url: string; seen: Seen[] }> {
  const {
    extensions = ['binary_tensor_data', 'model_configuration'],
    config = {},
    platform = 'onnxruntime_onnx',
  } = options;
  const model = fixture(options.model);
  const seen: Seen[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const json = (value: unknown): void => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    };
    if (request.url === '/v2') return json({ name: 'triton', version: '2.50.0', extensions });
    if (request.url === '/v2/models/m')
      return json({ name: 'm', versions: ['1'], platform, inputs: options.inputs, outputs: options.outputs });
    if (request.url === '/v2/models/m/config') return json(config);
    const body = await bodyOf(request);
    const length = Number(request.headers['inference-header-content-length'] ?? body.length);
    const asked = JSON.parse(body.subarray(0, length).toString()) as Seen & {
      outputs: { name: string; parameters?: object }[];
    };
    seen.push(asked);
    let at = length;
    const feeds = Object.fromEntries(
      asked.inputs.map(({ name, shape, data }) => {
        const size = shape.reduce((product, axis) => product * axis, 1);
        const bytes = new Uint8Array(body.subarray(at, at + 4 * size));
        if (data === undefined) at += 4 * size;
        return [name, { shape, data: data === undefined ? new Float32Array(bytes.buffer) : Float32Array.from(data) }];
      }),
    );
    const [{ name, parameters }] = asked.outputs as [(typeof asked.outputs)[0]];
    const { shape, data } = (await runModel(model, feeds))[name];
    const output = { name, datatype: 'FP32', shape };
    if (parameters === undefined) return json({ outputs: [{ ...output, data: Array.from(data) }] });
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const head = { outputs: [{ ...output, parameters: { binary_data_size: bytes.length } }] };
    const tail = options.spoil?.(head, bytes) ?? bytes;
    const text = Buffer.from(JSON.stringify(head));
    response.setHeader('Inference-Header-Content-Length', text.length);
    response.end(Buffer.concat([text, tail]));
  };
  const url = await answering((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  return { url, seen };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const FP32 = 'FP32';
const IMAGES = { name: 'images', datatype: FP32, shape: [-1, 12, 12, 1] };
const Y = { name: 'y', datatype: FP32, shape: [-1, 1] };

it('isServedModel tells addresses of models from other sources', () => {
  for (const address of [
    'http://h/v2/models/m',
    'https://h:1/base/v2/models/m/',
    new URL('http://h/v2/models/m/versions/2'),
  ])
    expect(isServedModel(address)).toBe(true);
  for (const other of [
    'http://h/model.onnx',
    'http://h/v2/models',
    'http://h/v2/models/m/config.onnx',
    '/v2/models/m',
    'm',
  ])
    expect(isServedModel(other)).toBe(false);
});

it.each(['http://h/v2', 'https://h:1/base/v2/', 'http://h/v2/models'])('%s names no model', async (address) => {
  expect(await failure(loadTagger(address))).toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining('/v2/models/NAME'),
  });
});

describe('our own server', () => {
  it('gives the scores of the tagger that it serves, for images and for constituents', async () => {
    const server = await serve([tagger]);
    await using remote = await loadTagger(server.models[0]);
    const { name, device, runtime, sha256, card, recipe, inputs } = remote.info;
    expect({ name, device, sha256, card, recipe }).toEqual({
      name: 'fixture',
      device: 'remote',
      sha256: tagger.info.sha256,
      card: tagger.info.card,
      recipe: tagger.info.recipe,
    });
    expect(runtime).toMatch(/^jetsdk \d/);
    expect(inputs).toMatchObject([{ name: 'images', kind: 'images', shape: [12, 12, 1] }]);
    // the server normalises once
    const images = fixtureImages(5);
    expect(await remote.score(images)).toEqual(await tagger.score(images));
    const someone = someJets(300);
    expect(await remote.score(someone)).toEqual(await tagger.score(someone));
    expect(await remote.score(fixtureImages(0))).toEqual(new Float32Array(0));
  });

  it('many requests at once keep their order', async () => {
    const server = await serve([tagger], { maxBatch: 16 });
    await using remote = await loadTagger(server.models[0], { batchSize: 7 });
    const all = fixtureImages(500);
    const wanted = await tagger.score(all);
    const [whole, ...parts] = await Promise.all([
      remote.score(all),
      ...Array.from({ length: 10 }, (_, i) => remote.score(sliceJets(all, 50 * i, 50 * i + 50))),
    ]);
    expect(whole).toEqual(wanted);
    parts.forEach((part, i) => {
      expect(part).toEqual(wanted.slice(50 * i, 50 * i + 50));
    });
  });

  it('says what is wrong with jets as a tagger here does', async () => {
    const server = await serve([tagger]);
    await using remote = await loadTagger(server.models[0], { batchSize: 4 });
    const bad = fixtureImages(10);
    bad.data[144 * 7 + 3] = Number.NaN;
    expect(await failure(remote.score(bad))).toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringContaining('of jet 7'),
    });
    expect((await failure(remote.score(fixtureImages(1, [8, 8, 3])))).code).toBe('SHAPE_MISMATCH');
    expect((await failure(remote.score(jets(new Float32Array(4).fill(Number.NaN), 1)))).code).toBe('NOT_FINITE');
    const stop = new AbortController();
    const stopped = remote.score(fixtureImages(500), { signal: stop.signal });
    stop.abort();
    expect((await failure(stopped)).code).toBe('CANCELLED');
    await remote.dispose();
    expect((await failure(remote.score(bad))).code).toBe('BAD_ARGUMENT');
  });

  it('comes back when the server was too busy', async () => {
    const { tagger: slow, open, calls } = gated(tagger);
    const server = await serve([slow], { maxQueue: 1, maxDelayMs: 0 });
    await using remote = await loadTagger(server.models[0]);
    const images = fixtureImages(3);
    const scores = Array.from({ length: 4 }, () => remote.score(images));
    await expect.poll(calls, { interval: 2 }).toBe(2);
    await expect
      .poll(async () => (await fetch(new URL('/metrics', server.url))).text(), { interval: 10 })
      .toMatch(/status="503"/);
    open();
    const wanted = await tagger.score(images);
    for (const answer of scores) expect(await answer).toEqual(wanted);
  });

  it('a server that has gone is an error, and so is one that takes too long', async () => {
    const { tagger: slow } = gated(tagger);
    const server = await serve([slow], { drainMs: 20 });
    await using remote = await loadTagger(server.models[0], { timeoutMs: 1000 });
    expect(await failure(remote.score(fixtureImages(1)))).toMatchObject({
      code: 'REMOTE',
      message: expect.stringContaining('1 s'),
    });
    await server.close();
    expect((await failure(remote.score(fixtureImages(1)))).code).toBe('REMOTE');
    expect((await failure(loadTagger(server.models[0]))).code).toBe('REMOTE');
  });

  it.each<[LoadOptions, JetErrorCode]>([
    [{ device: 'cpu' }, 'BAD_ARGUMENT'],
    [{ threads: 2 }, 'BAD_ARGUMENT'],
    [{ outputKind: 'score' }, 'BAD_ARGUMENT'],
    [{ sha256: '0'.repeat(64) }, 'BAD_FILE'],
    [{ signal: AbortSignal.abort() }, 'CANCELLED'],
  ])('refuses %o', async (options, code) => {
    const server = await serve([tagger]);
    expect((await failure(loadTagger(server.models[0], options))).code).toBe(code);
    expect((await failure(loadTagger(`${server.url}/models/other`))).code).toBe('REMOTE');
  });
});

describe('a server of bare networks, such as Triton', () => {
  it('with the card in its configuration: recipe, batch limit and class are known', async () => {
    const { card } = tagger.info;
    const config = { max_batch_size: 8, parameters: { 'jetsdk.card': { string_value: JSON.stringify(card) } } };
    const { url, seen } = await standIn({ model: 'scoreNhwc', inputs: [IMAGES], outputs: [Y], config });
    await using remote = await loadTagger(url);
    expect(remote.info).toMatchObject({ runtime: 'triton 2.50.0', batchSize: 8, recipe: { name: 'fixture-12' } });
    const someone = someJets(20);
    expect(maxDifference(await remote.score(someone), await tagger.score(someone))).toBeLessThan(TOLERANCE);
    const images = fixtureImages(5);
    expect(maxDifference(await remote.score(images), await tagger.score(images))).toBeLessThan(TOLERANCE);
    expect(Math.max(...seen.map(({ inputs }) => inputs[0].shape[0]))).toBe(8);
    expect((await failure(loadTagger(url, { batchSize: 9 }))).code).toBe('BAD_ARGUMENT');
  });

  it.each<[string, Omit<StandIn, 'model'>, readonly [number, number, number], LoadOptions]>([
    ['scoreNhwc', { inputs: [IMAGES], outputs: [Y] }, [12, 12, 1], { outputKind: 'score' }],
    ['scoreNhwc', { inputs: [IMAGES], outputs: [Y], extensions: [] }, [12, 12, 1], { outputKind: 'score' }],
    [
      'softmaxNchw',
      { inputs: [{ ...IMAGES, name: 'x', shape: [-1, 1, 12, 12] }], outputs: [{ ...Y, name: 'prob', shape: [-1, 2] }] },
      [12, 12, 1],
      { outputKind: 'probabilities' },
    ],
    [
      'fixedBatch',
      { inputs: [{ ...IMAGES, shape: [1, 12, 12, 1] }], outputs: [{ ...Y, shape: [1, 1] }] },
      [12, 12, 1],
      { outputKind: 'score' },
    ],
    ['colour', { inputs: [{ ...IMAGES, shape: [-1, 8, 8, 3] }], outputs: [Y] }, [8, 8, 3], { outputKind: 'score' }],
  ])('%s with %o', async (model, options, shape, hints) => {
    const { url } = await standIn({ model, ...options });
    await using remote = await loadTagger(url, hints);
    expect(maxDifference(await remote.score(fixtureImages(5, shape)), expectedScores(model))).toBeLessThan(TOLERANCE);
    if (model === 'scoreNhwc') expect((await failure(loadTagger(url))).message).toContain('expected option outputKind');
  });

  it('null where there is nothing to say, as KServe writes it', async () => {
    const metadata = { name: 'm', versions: null, platform: '', inputs: [IMAGES], outputs: [Y], parameters: null };
    const answers: Record<string, object> = {
      '/v2': { name: 'kserve', version: '0.21.0', extensions: null },
      '/v2/models/m': metadata,
      '/v2/models/m/infer': {
        ...{ id: null, model_name: 'm', model_version: null, parameters: null },
        outputs: [{ ...Y, shape: [2, 1], parameters: null, data: [0.25, 0.5] }],
      },
    };
    const url = await answering((request, response) => void response.end(JSON.stringify(answers[request.url!])));
    await using remote = await loadTagger(url, { outputKind: 'score' });
    expect(await remote.score(fixtureImages(2))).toEqual(Float32Array.of(0.25, 0.5));
  });

  it('half precision is sent as half precision', async () => {
    const asked: Buffer[] = [];
    const url = await answering(async (request, response) => {
      const body = await bodyOf(request);
      const answers: Record<string, object> = {
        '/v2': { name: 'triton', version: '2', extensions: ['binary_tensor_data'] },
        '/v2/models/m': { inputs: [{ ...IMAGES, datatype: 'FP16' }], outputs: [{ ...Y, datatype: 'FP16' }] },
      };
      const known = answers[request.url!];
      if (known !== undefined) return void response.end(JSON.stringify(known));
      asked.push(body.subarray(Number(request.headers['inference-header-content-length'])));
      const head = JSON.stringify({
        outputs: [{ ...Y, datatype: 'FP16', shape: [1, 1], parameters: { binary_data_size: 2 } }],
      });
      response.setHeader('inference-header-content-length', head.length);
      response.end(
        Buffer.concat([Buffer.from(head), Buffer.from(toHalf(Float32Array.of(0.25)).buffer as ArrayBuffer)]),
      );
    });
    await using remote = await loadTagger(url, { outputKind: 'score' });
    const images = fixtureImages(1);
    expect(await remote.score(images)).toEqual(Float32Array.of(0.25));
    expect(new Uint16Array(new Uint8Array(asked[0]).buffer)).toEqual(toHalf(images.data));
  });

  it.each<[string, StandIn['spoil'], string]>([
    ['too few bytes', (_, bytes) => bytes.subarray(1), 'bytes follow the JSON object'],
    ['bytes that are too many', (_, bytes) => Buffer.concat([bytes, bytes]), 'expected 20'],
    [
      'another output',
      (json) => {
        json['outputs'] = [];
        return new Uint8Array(0);
      },
      'no output y',
    ],
    [
      'fewer scores',
      (json, bytes) => {
        json['outputs'] = [{ ...Y, shape: [4, 1], parameters: { binary_data_size: 16 } }];
        return bytes.subarray(0, 16);
      },
      '4 numbers in output y for 5 jets',
    ],
  ])('an answer with %s is an error', async (_, spoil, message) => {
    const { url } = await standIn({ model: 'scoreNhwc', inputs: [IMAGES], outputs: [Y], spoil: spoil! });
    await using remote = await loadTagger(url, { outputKind: 'score' });
    expect(await failure(remote.score(fixtureImages(5)))).toMatchObject({
      code: 'REMOTE',
      message: expect.stringContaining(message),
    });
  });
});

describe('servers that speak otherwise', () => {
  const answer = (status: number, type: string, body: string) =>
    answering((_, response) => void response.writeHead(status, { 'content-type': type }).end(body));
  it.each([
    [200, 'text/html', '<html>', 'a page (text/html)'],
    [502, 'text/html', '<html>', '502 Bad Gateway with a page'],
    [404, 'application/json', '{"error":"no such thing"}', '404 Not Found: no such thing'],
    [503, 'text/plain', 'down', '503 Service Unavailable: down'],
    [200, 'application/json', '{"name":', 'not JSON'],
    [200, 'application/json', '[]', 'the body is []; expected a JSON object'],
    [200, 'application/json', '{}', 'answer.inputs: got undefined; expected a list'],
    [
      200,
      'application/json',
      '{"inputs":[{"name":"a","datatype":"FP32","shape":[-2]}]}',
      'answer.inputs[0].shape[0]: got -2',
    ],
  ])('%i %s %s', async (status, type, body, message) => {
    const url = await answer(status, type, body);
    expect(await failure(loadTagger(url))).toMatchObject({ code: 'REMOTE', message: expect.stringContaining(message) });
  });

  it('an error page of a server of ours in front does not pass for a fault of the jets', async () => {
    const url = await answer(400, 'application/json', '{"error":"x","code":"PARITY_FAILED"}');
    expect((await failure(loadTagger(url))).code).toBe('REMOTE');
  });

  it('a server that never answers', async () => {
    const url = await answering(() => undefined);
    expect(await failure(loadTagger(url, { timeoutMs: 100 }))).toMatchObject({
      code: 'REMOTE',
      message: expect.stringContaining('0.1 s'),
    });
    const stop = new AbortController();
    const loading = loadTagger(url, { signal: stop.signal });
    stop.abort();
    expect((await failure(loading)).code).toBe('CANCELLED');
  });
});
