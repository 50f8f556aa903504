import { isJetError } from '@jetsdk/jets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture, fixtureCard, withCard } from '../../infer/src/testing/fixtures.testing.js';
import { CARD_KEY } from './card.js';
import { readOnnxFile } from './onnxFile.js';

describe('readOnnxFile', () => {
  it('finds operator set, operators and what makes the output', () => {
    const facts = readOnnxFile(fixture('scoreNhwc'), 'fixture');
    expect(facts.producer).toBe('jetsdk-fixtures');
    expect(facts.opset).toBe(17);
    expect(facts.operators.get('Conv')).toBe(1);
    expect(facts.operators.get('Gemm')).toBe(2);
    expect(facts.producedBy.get('y')).toBe('Sigmoid');
    expect(facts.metadata.size).toBe(0);
  });

  it('finds metadata', () => {
    const facts = readOnnxFile(withCard(fixture('scoreNhwc'), fixtureCard()), 'fixture');
    expect(JSON.parse(facts.metadata.get(CARD_KEY)!)).toEqual(fixtureCard());
  });

  it.each([
    ['scoreNhwc', 'float32'],
    ['half', 'float16'],
  ])('says that the weights of %s are %s', (name, precision) => {
    expect(readOnnxFile(fixture(name), name).precision).toBe(precision);
  });

  it.each([
    ['a matrix of int8', [8, 2, 8, 3, 16, 3], 'int8'],
    ['a matrix of int8 with its sizes packed', [10, 2, 2, 3, 16, 3], 'int8'],
    ['a matrix of 4-bit integers', [8, 200, 1, 8, 3, 16, 22], 'int8'],
    ['zero points', [8, 2, 16, 3], 'float32'],
    ['a bfloat16 vector', [8, 2, 16, 16], 'float16'],
    ['a float16 number', [16, 10], 'float32'],
    ['float64', [8, 2, 8, 3, 16, 11], 'float32'],
    ['int64 indices', [8, 2, 8, 3, 16, 7], 'float32'],
  ])('takes %s beside float32 weights into account', (_, tensor, precision) => {
    const field = (number: number, content: number[]): number[] => [number * 8 + 2, content.length, ...content];
    const floats = [8, 2, 8, 3, 16, 1];
    for (const tensors of [
      [floats, tensor],
      [tensor, floats],
    ]) {
      const graph = field(
        7,
        tensors.flatMap((one) => field(5, one)),
      );
      expect(readOnnxFile(Uint8Array.from(graph), 'made').precision).toBe(precision);
    }
  });

  it.each([
    ['an HTML page', '<!doctype html><title>404</title>', 'HTML'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:0', 'git lfs pull'],
    ['nothing', '', '0 bytes'],
  ])('names %s for what it is', (_, text, named) => {
    expect(() => readOnnxFile(new TextEncoder().encode(text), 'file.onnx')).toThrow(named);
  });

  it('answers a model cut off anywhere with BAD_MODEL, or finds it whole up to a field', () => {
    const model = fixture('constituents');
    let refused = 0;
    for (let length = 0; length < model.length; length++)
      try {
        readOnnxFile(model.subarray(0, length), 'cut');
      } catch (error) {
        expect(isJetError(error) && error.code).toBe('BAD_MODEL');
        refused++;
      }
    expect(refused).toBeGreaterThan(model.length - 10);
  });

  it('answers any bytes with facts or BAD_MODEL', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readOnnxFile(bytes, 'random');
        } catch (error) {
          expect(isJetError(error) && error.code).toBe('BAD_MODEL');
        }
      }),
    );
  });
});
