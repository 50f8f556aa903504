import { isJetError } from '@jetsdk/jets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture, fixtureCard, withCard } from './fixtures.testing.js';
import { readOnnxFile } from './onnxFile.js';
import { CARD_KEY } from './readCard.js';

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
