// the built package: worker threads run built files
import { loadTagger, readModel, type Tagger } from '@jetsdk/infer';
import { memorySource } from '@jetsdk/jets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, fixture, fixtureImages } from '../testing/fixtures.testing.js';

/** A call as plain JavaScript makes it. */
const call = (work: (...args: never[]) => Promise<unknown>, ...args: readonly unknown[]): Promise<unknown> =>
  Reflect.apply(work, undefined, args);

describe('what a caller of plain JavaScript gets wrong is said before anything is done', () => {
  const images = fixtureImages(3);
  const { shape, data } = images;
  let tagger: Tagger;
  beforeAll(async () => {
    tagger = await loadTagger(fixture('scoreNhwc'), { device: 'cpu', threads: 1 });
  });
  afterAll(() => tagger.dispose());

  it.each<[string, () => unknown, string]>([
    ['a promise that is not awaited', () => Promise.resolve(images), 'got a promise; expected jets(…), jetImages(…)'],
    ['the same, with what helps', () => Promise.resolve(images), 'await it'],
    ['no kind', () => ({ shape, data }), 'got an object of shape, data; expected jets(…), jetImages(…), an open file'],
    ['no kind, with what helps', () => ({ shape, data }), "add kind: 'constituents' or kind: 'images'"],
    ['inputs without a kind', () => ({ images: { shape, data } }), "{ kind: 'inputs', inputs }"],
    ['a flat array', () => data, 'got a Float32Array of 432 numbers'],
    ['a flat array, with what helps', () => data, 'jetImages(data, [height, width, 1])'],
    ['nested lists', () => [[1, 2, 3, 4]], 'got a list of 1 entries'],
    ['a path', () => 'file.h5', 'got the text "file.h5"'],
    ['a path, with what helps', () => 'file.h5', 'await openJets(path)'],
    ['null', () => null, 'got null'],
    ['nothing', () => undefined, 'got undefined'],
    ['a number', () => 5, 'got the number 5'],
    ['a kind that is misspelt', () => ({ ...images, kind: 'image' }), 'did you mean images?'],
    ['a kind that is no text', () => ({ ...images, kind: 1 }), 'kind is the number 1'],
    [
      'doubles',
      () => ({ ...images, data: Float64Array.from(data) }),
      'Float64Array of 432 numbers; expected a Float32Array',
    ],
    ['a list of numbers', () => ({ ...images, data: [...data] }), 'convert them with Float32Array.from'],
    ['no data', () => ({ kind: 'images', shape }), 'data of jets are undefined'],
    ['no shape', () => ({ kind: 'images', data }), 'shape of jets is undefined'],
    [
      'a shape of numbers that count nothing',
      () => ({ ...images, shape: [-3, 12, 12, -1] }),
      'expected a list of whole numbers',
    ],
    ['no inputs', () => ({ kind: 'inputs' }), 'inputs are undefined'],
    [
      'inputs without shape',
      () => ({ kind: 'inputs', inputs: { images: data } }),
      'data of input images are undefined',
    ],
    ['a source without jets', () => ({ read: 'all' }), 'got an object of read'],
    [
      'a stream of arrays without kind',
      () =>
        (async function* () {
          yield data;
        })(),
      'got a Float32Array of 432 numbers',
    ],
    [
      'a source that gives something else',
      () => ({ ...memorySource(images), read: async () => ({ shape, data }) }),
      'got an object of shape, data',
    ],
  ])('%s', async (_, x, message) => {
    expect(await failure(call(tagger.score, x()))).toEqual({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    [{ onProgres: () => undefined }, 'score: no option onProgres; expected signal, onProgress'],
    [{ onProgres: () => undefined }, 'did you mean onProgress?'],
    [null, 'options are null'],
    ['fast', 'options are the text "fast"'],
  ])('options of score %o', async (options, message) => {
    expect((await failure(call(tagger.score, images, options))).message).toContain(message);
    expect((await failure(tagger.scoreStream(images, options as never).next())).message).toContain(message);
  });

  it.each<[unknown, unknown, string]>([
    [undefined, {}, 'loadTagger: got undefined; expected the path or address of a model'],
    ['', {}, 'loadTagger: got an empty text'],
    [null, {}, 'got null'],
    [5, {}, 'got the number 5'],
    [{ path: 'x.onnx' }, {}, 'got an object of path'],
    [
      Promise.resolve('x.onnx'),
      {},
      'got a promise; expected the path or address of a model, its name, a File, or the bytes of an ONNX file; await it',
    ],
    [new Response('x'), {}, 'got an object of class Response'],
    [fixture('scoreNhwc'), { devcie: 'cpu' }, 'no option devcie'],
    [fixture('scoreNhwc'), { devcie: 'cpu' }, 'did you mean device?'],
    [fixture('scoreNhwc'), null, 'options are null'],
    [fixture('scoreNhwc'), { device: 'gpu' }, 'device gpu; expected auto, cpu'],
    [
      fixture('logits'),
      { outputKind: 'probabilty' },
      'option outputKind: got "probabilty"; expected one of score, logit',
    ],
    [fixture('scoreNhwc'), { layout: 'nchw' }, 'option layout: got "nchw"; expected NCHW or NHWC'],
  ])('loadTagger of %o, %o', async (source, options, message) => {
    expect(await failure(call(loadTagger, source, options))).toEqual({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining(message),
    });
  });

  it('options of loading are none of reading', async () => {
    expect(await failure(call(readModel, fixture('scoreNhwc'), { device: 'cpu' }))).toEqual({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('readModel: no option device; expected sha256'),
    });
    expect((await failure(call(readModel, undefined))).message).toContain('readModel: got undefined');
  });
});
