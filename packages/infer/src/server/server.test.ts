import { connect } from 'node:net';
// the built package: worker threads run built files
import { loadTagger, type Tagger } from '@jetsdk/infer';
import { serveModels } from '@jetsdk/infer/server';
import { isJetError, sliceJets } from '@jetsdk/jets';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture, fixtureImages } from '../testing/fixtures.testing.js';
import { parseInferRequest } from './inferRequest.js';
import { statusOf } from './refusal.js';
import { servedJets } from './served.js';
import { errorOf, imageRequest, modelWithRecipe, post, scoresOf, serve, someJets } from './server.testing.js';

let tagger: Tagger;
let twoViews: Tagger;
beforeAll(async () => {
  tagger = await loadTagger(modelWithRecipe(), { device: 'cpu', threads: 2 });
  twoViews = await loadTagger(fixture('twoViews'), { device: 'cpu', threads: 1, signalColumn: 2 });
});
afterAll(async () => {
  await tagger.dispose();
  await twoViews.dispose();
});

const images = fixtureImages(5);
const INPUT = 'images';

describe('the protocol', () => {
  it('tells about server and models', async () => {
    const server = await serve([tagger, twoViews]);
    const get = async (path: string): Promise<unknown> => (await fetch(server.url + path)).json();
    expect(await get('')).toMatchObject({ name: 'jetsdk', extensions: ['binary_tensor_data', 'model_configuration'] });
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(server.models).toEqual([`${server.url}/models/fixture`, `${server.url}/models/model`]);
    expect(await get('/models/fixture')).toEqual({
      name: 'fixture',
      versions: ['3'],
      platform: 'jetsdk_onnx',
      inputs: [
        { name: INPUT, datatype: 'FP32', shape: [-1, 12, 12, 1] },
        { name: 'constituents', datatype: 'FP32', shape: [-1, -1, 4] },
      ],
      outputs: [
        { name: 'score', datatype: 'FP32', shape: [-1] },
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
      ],
    });
    expect(await get('/models/fixture/versions/3/ready')).toEqual({ name: 'fixture', ready: true });
    expect(await get('/models/model')).toMatchObject({ inputs: [{ name: 'view_x' }, { name: 'view_y' }] });
    expect((await errorOf(await fetch(`${server.url}/models/other`))).error).toContain(
      'expected one of fixture, model',
    );
    expect((await errorOf(await fetch(`${server.url}/models/fixture/versions/1`))).status).toBe(404);
    expect((await errorOf(await fetch(`${server.url}/models`))).status).toBe(404);
    expect((await errorOf(await fetch(`${server.url}/models/fixture/infer`))).status).toBe(405);
  });

  it('scores JSON tensors, flat or nested, with or without a version', async () => {
    const server = await serve([tagger]);
    const wanted = await tagger.score(images);
    expect(await scoresOf(await post(server.models[0], imageRequest(images)))).toEqual(wanted);
    expect(await scoresOf(await post(`${server.models[0]}/versions/3`, imageRequest(images)))).toEqual(wanted);
    const nested = Array.from({ length: 5 }, (_, n) =>
      Array.from({ length: 12 }, (_, h) => Array.from({ length: 12 }, (_, w) => [images.data[n * 144 + h * 12 + w]])),
    );
    const request = { id: 'a7', inputs: [{ name: INPUT, datatype: 'FP32', shape: images.shape, data: nested }] };
    const answer = (await (await post(server.models[0], JSON.stringify(request))).json()) as object;
    expect(answer).toMatchObject({
      id: 'a7',
      model_name: 'fixture',
      model_version: '3',
      outputs: [{ name: 'score', datatype: 'FP32', shape: [5], data: Array.from(wanted) }],
    });
    const none = { inputs: [{ name: INPUT, datatype: 'FP32', shape: [0, 12, 12, 1], data: [] }] };
    expect(await scoresOf(await post(server.models[0], JSON.stringify(none)))).toEqual(new Float32Array(0));
  });

  it('reads null as what is left out', async () => {
    const server = await serve([tagger]);
    const input = {
      name: INPUT,
      datatype: 'FP32',
      shape: images.shape,
      data: Array.from(images.data),
      parameters: null,
    };
    const request = { id: null, parameters: null, inputs: [input], outputs: [{ name: 'score', parameters: null }] };
    const wanted = await tagger.score(images);
    expect(await scoresOf(await post(server.models[0], JSON.stringify(request)))).toEqual(wanted);
    expect(await scoresOf(await post(server.models[0], JSON.stringify({ ...request, outputs: null })))).toEqual(wanted);
  });

  it('scores constituents through the recipe, and several inputs by name', async () => {
    const server = await serve([tagger, twoViews]);
    const jets = someJets(6);
    const tensor = { name: 'constituents', datatype: 'FP32', shape: jets.shape, data: Array.from(jets.data) };
    expect(await scoresOf(await post(server.models[0], JSON.stringify({ inputs: [tensor] })))).toEqual(
      await tagger.score(jets),
    );
    const view = fixtureImages(5, [10, 8, 1]);
    const inputs = ['view_y', 'view_x'].map((name) => ({
      name,
      datatype: 'FP32',
      shape: view.shape,
      data: Array.from(view.data),
    }));
    expect(await scoresOf(await post(server.models[1], JSON.stringify({ inputs })))).toEqual(
      await twoViews.score({ kind: 'inputs', inputs: { view_x: view, view_y: view } }),
    );
  });

  it('takes and gives tensors as bytes', async () => {
    const server = await serve([tagger]);
    const data = new Uint8Array(images.data.buffer);
    const inputs = [
      { name: INPUT, datatype: 'FP32', shape: images.shape, parameters: { binary_data_size: data.length } },
    ];
    const json = new TextEncoder().encode(
      JSON.stringify({ inputs, outputs: [{ name: 'score', parameters: { binary_data: true } }] }),
    );
    const headers = { 'Inference-Header-Content-Length': String(json.length) };
    const response = await post(server.models[0], Buffer.concat([json, data]), headers);
    const length = Number(response.headers.get('inference-header-content-length'));
    const body = Buffer.from(await response.arrayBuffer());
    expect(JSON.parse(body.subarray(0, length).toString())).toMatchObject({
      outputs: [{ name: 'score', datatype: 'FP32', shape: [5], parameters: { binary_data_size: 20 } }],
    });
    expect(new Float32Array(new Uint8Array(body.subarray(length)).buffer)).toEqual(await tagger.score(images));
  });
});

describe('bad requests get the error of the protocol', () => {
  const one = { name: INPUT, datatype: 'FP32', shape: [1, 12, 12, 1], data: new Array(144).fill(0) };
  const inputs = (...changes: object[]): string =>
    JSON.stringify({ inputs: changes.map((change) => ({ ...one, ...change })) });
  it.each<[name: string, body: string, status: number, error: string]>([
    ['no JSON', '{"inputs": [', 400, 'not JSON'],
    ['no object', '[1]', 400, 'the body is [1]; expected a JSON object'],
    ['an empty body', '', 400, 'not JSON'],
    ['no inputs', '{}', 400, 'inputs: got undefined; expected a list'],
    ['inputs that are no objects', '{"inputs": [null]}', 400, 'inputs[0]: got null; expected an object'],
    ['too few inputs', inputs(), 400, 'inputs none; expected images, or constituents'],
    ['an unknown input', inputs({ name: 'x' }), 400, 'expected images, or constituents'],
    [
      'both kinds of input',
      inputs({}, { name: 'constituents', shape: [1, 36, 4] }),
      400,
      'inputs images, constituents; expected images, or',
    ],
    ['an input twice', inputs({}, {}), 400, 'inputs images, images'],
    ['another datatype', inputs({ datatype: 'INT64' }), 400, 'INT64; expected FP32'],
    ['another shape', inputs({ shape: [1, 12, 12] }), 400, '(1, 12, 12); expected (n, 12, 12, 1)'],
    [
      'a shape of text',
      inputs({ shape: ['1', 12, 12, 1] }),
      400,
      'inputs[0].shape[0]: got "1"; expected a whole number',
    ],
    [
      'a negative shape',
      inputs({ shape: [-1, 12, 12, 1] }),
      400,
      'inputs[0].shape[0]: got -1; expected a whole number',
    ],
    ['a huge shape', inputs({ shape: [1e15, 12, 12, 1] }), 400, '144 numbers'],
    [
      'a huge number of constituents',
      inputs({ name: 'constituents', shape: [1, 1e12, 4] }),
      400,
      'expected 4000000000000',
    ],
    ['too few numbers', inputs({ data: [1, 2] }), 400, '2 numbers; expected 144'],
    ['text among the numbers', inputs({ data: [...one.data.slice(1), 'x'] }), 400, 'string among its data'],
    ['null among the numbers', inputs({ data: [...one.data.slice(1), null] }), 400, 'object among its data'],
    [
      'a number beyond float32',
      inputs({ data: [...one.data.slice(1), 1e39] }),
      400,
      'number 143 of jet 0 in input images is Infinity',
    ],
    ['data nested otherwise', inputs({ data: [[...one.data]] }), 400, 'nested otherwise'],
    [
      'data nested without end',
      `{"inputs": [{"name":"images","datatype":"FP32","shape":[1,12,12,1],"data":${'['.repeat(1e5)}${']'.repeat(1e5)}}]}`,
      400,
      'nested more than 64 levels deep',
    ],
    ['bytes that do not come', inputs({ parameters: { binary_data_size: 576 } }), 400, '0 bytes follow'],
    ['bytes of another size', inputs({ parameters: { binary_data_size: 575 } }), 400, '575 bytes; expected 576'],
    [
      'another output',
      JSON.stringify({ inputs: [one], outputs: [{ name: 'y' }] }),
      400,
      'output y is asked for; expected score',
    ],
    ['two outputs', JSON.stringify({ inputs: [one], outputs: [one, one] }), 400, 'outputs: got'],
    ['an id that is no text', JSON.stringify({ inputs: [one], id: 7 }), 400, 'request.id: got 7; expected a text'],
  ])('%s', async (_, body, status, error) => {
    const server = await serve([tagger]);
    const answer = await errorOf(await post(server.models[0], body));
    expect(answer).toMatchObject({ status, error: expect.stringContaining(error) });
    expect(answer.error.length).toBeLessThan(500);
  });

  it('a header length that does not fit, bytes that are too many, a compressed body', async () => {
    const server = await serve([tagger]);
    const send = async (body: string, headers: Record<string, string>) =>
      errorOf(await post(server.models[0], body, headers));
    for (const length of ['-1', '1e3', '99999999', 'x'])
      expect((await send('{}', { 'inference-header-content-length': length })).error).toContain(
        'Inference-Header-Content-Length',
      );
    const text = imageRequest(images);
    expect(await send(`${text}12345678`, { 'inference-header-content-length': String(text.length) })).toMatchObject({
      error: expect.stringContaining('8 bytes follow the JSON object; expected 0'),
    });
    expect(await send(text, { 'content-encoding': 'gzip' })).toMatchObject({ status: 415 });
  });

  it('a body that is too long is refused before it has come, with or without its length', async () => {
    const server = await serve([tagger], { maxBodyBytes: 10_000 });
    const long = '['.repeat(20_000);
    expect(await errorOf(await post(server.models[0], long))).toMatchObject({ status: 413, code: 'LIMIT_EXCEEDED' });
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(5000)) });
    const sent = fetch(`${server.models[0]}/infer`, { method: 'POST', body: endless, duplex: 'half' } as RequestInit);
    // the server may hang up while the client still sends
    const status = await sent.then(
      (response) => response.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect((await scoresOf(await post(server.models[0], imageRequest(sliceJets(images, 0, 1))))).length).toBe(1);
  });

  it('a client that stops sending is let go', async () => {
    const server = await serve([tagger], { timeoutMs: 200 });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write('POST /v2/models/fixture/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{');
    let answer = '';
    for await (const part of socket.setEncoding('utf8')) answer += part;
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
  });

  it('failures of the server are told to its owner, not to strangers', async () => {
    const failures: unknown[] = [];
    const broken: Tagger = { ...tagger, score: () => Promise.reject(new Error('secret path /x')) };
    const server = await serve([broken], { onFailure: (error) => failures.push(error) });
    const answer = await errorOf(await post(server.models[0], imageRequest(images)));
    expect(answer).toMatchObject({ status: 500, error: expect.not.stringContaining('secret') });
    expect(failures).toEqual([expect.objectContaining({ message: 'secret path /x' })]);
  });
});

describe('serveModels refuses', () => {
  const failure = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.catch((caught: unknown) => caught);
    return isJetError(error) ? `${error.code} ${error.message}` : String(error);
  };
  it('models of the same name, none, a port that is taken, limits without sense', async () => {
    expect(await failure(serveModels([tagger, tagger]))).toMatch('BAD_ARGUMENT serve: models fixture, fixture');
    expect(await failure(serveModels([]))).toMatch('BAD_ARGUMENT serve: models none');
    const server = await serve([tagger]);
    const { port } = new URL(server.url);
    expect(await failure(serveModels([tagger], { port: Number(port) }))).toMatch(
      /BAD_ARGUMENT serve: .*EADDRINUSE.*; expected a free port; choose another one with the option port$/,
    );
    expect(await failure(serveModels([tagger], { port: 99999 }))).toMatch('serve: port 99999; expected a whole number');
    // of addresses that are for documents alone (RFC 5737)
    expect(await failure(serveModels([tagger], { port: 0, host: '192.0.2.1' }))).toMatch(
      /BAD_ARGUMENT serve: .*; expected an address of this machine; name one with the option host$/,
    );
    expect(await failure(serveModels([tagger], { maxQueue: 0 }))).toMatch('BAD_ARGUMENT serve: maxQueue 0');
    expect(await failure(serveModels([{ ...tagger, info: { ...tagger.info, name: 'a/b' } }]))).toMatch('does not fit');
  });
});

it('reads the numbers of the request and not those beside them in the memory of Node', () => {
  const served = servedJets(tagger, 16);
  const header = Buffer.from(
    imageRequest(sliceJets(images, 0, 1)).replace(/"data":\[[^\]]*\]/, '"parameters":{"binary_data_size":576}'),
  );
  const pixels = Float32Array.from({ length: 144 }, (_, i) => i / 8);
  const pooled = Buffer.concat([header, new Uint8Array(pixels.buffer)]);
  expect(pooled.buffer.byteLength).toBeGreaterThan(pooled.length);
  expect(parseInferRequest(served, pooled, String(header.length)).job.arrays).toEqual([pixels]);
});

it('whatever the bytes, a request is read or refused, never a failure of the server', () => {
  const served = servedJets(tagger, 16);
  const good = Buffer.from(
    imageRequest(sliceJets(images, 0, 1)).replace(/"data":\[[^\]]*\]/, '"parameters":{"binary_data_size":576}'),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 }),
      fc.nat({ max: good.length + 576 }),
      fc.option(fc.oneof(fc.constant(String(good.length)), fc.string({ maxLength: 6 })), { nil: undefined }),
      (changes, length, header) => {
        const bytes = Buffer.concat([good, Buffer.alloc(576)]);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          parseInferRequest(served, bytes.subarray(0, length), header);
        } catch (error) {
          expect([400, 413]).toContain(statusOf(error));
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(parseInferRequest(served, Buffer.concat([good, Buffer.alloc(576)]), String(good.length)).job.jets).toBe(1);
});
