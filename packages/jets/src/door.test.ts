import { describe, expect, it } from 'vitest';
import { argumentText, requireOptions } from './door.js';
import { jetImages, jets } from './jets.js';

describe('an argument in words', () => {
  it.each<[unknown, string]>([
    [null, 'null'],
    [undefined, 'undefined'],
    ['', 'an empty text'],
    ['a\u001b[31m', 'the text "a\\u001b[31m"'],
    [true, 'the boolean true'],
    [Promise.resolve(1), 'a promise'],
    [[1, 2], 'a list of 2 entries'],
    [new Float32Array(3), 'a Float32Array of 3 numbers'],
    [new Map(), 'an object of class Map'],
    [{}, 'an empty object'],
    [Object.create(null), 'an empty object'],
    [{ shape: 1, data: 2 }, 'an object of shape, data'],
    [() => 1, 'a function'],
  ])('%o is %s', (value, text) => {
    expect(argumentText(value)).toBe(text);
  });

  it('is short whatever the value', () => {
    const keys = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key\u001b${i}`, i]));
    expect(argumentText(keys).length).toBeLessThan(130);
    expect(argumentText(keys)).not.toContain('\u001b');
    expect(argumentText('x'.repeat(1e6)).length).toBeLessThan(220);
  });
});

describe('requireOptions', () => {
  const check = (options: unknown) => () => requireOptions('fit', options, ['epochs', 'seed']);

  it('passes known keys, also those that are undefined', () => {
    expect(check({})).not.toThrow();
    expect(check({ epochs: undefined, seed: 1 })).not.toThrow();
  });

  it('names the nearest key of one that is not known', () => {
    expect(check({ epoch: 3 })).toThrow('fit: no option epoch; expected epochs, seed; did you mean epochs?');
    expect(check(JSON.parse('{"__proto__": 1}'))).toThrow('no option __proto__');
  });

  it.each([null, undefined, 3, [], Promise.resolve({})])('refuses %o', (options) => {
    expect(check(options)).toThrow('expected an object of epochs, seed');
  });
});

describe('arrays that are wrapped', () => {
  const call =
    (make: (...args: never[]) => unknown, ...args: readonly unknown[]) =>
    () =>
      Reflect.apply(make, undefined, args);

  it.each<[() => unknown, string]>([
    [call(jets, new Float32Array(8)), 'jets: constituents is undefined; expected a whole number above 0'],
    [call(jets, new Float32Array(8), 1.5), 'jets: constituents is the number 1.5'],
    [call(jets, [1, 2, 3, 4], 1), 'jets: data are a list of 4 entries; expected a Float32Array'],
    [call(jets, new Float64Array(4), 1), 'jets: data are a Float64Array of 4 numbers'],
    [call(jets, new Float32Array(9), 2), 'jets: 9 numbers for 2 constituents per jet; expected a multiple of 8'],
    [call(jetImages, new Float32Array(8)), 'jetImages: shape is undefined; expected [height, width, channels]'],
    [call(jetImages, new Float32Array(8), [2, 4]), 'jetImages: shape is a list of 2 entries'],
    [call(jetImages, new Float32Array(8), [2, 0, 1]), 'a size of the shape is the number 0'],
    [call(jetImages, new Float32Array(9), [2, 2, 1]), '9 pixels for images of 2×2×1; expected a multiple of 4'],
  ])('%#: %s', (make, message) => {
    expect(make).toThrow(message);
  });
});
