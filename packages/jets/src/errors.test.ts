import { expect, test } from 'vitest';
import { ERRORS, isJetError, JetError } from './errors.js';

test('isJetError tells any code, or one, also for errors of another copy of the package', () => {
  const error: unknown = new JetError('DEVICE_UNAVAILABLE', 'none', { reasons: [{ backend: 'wasm', reason: 'old' }] });
  const foreign = Object.assign(new Error('x'), { name: 'JetError', code: 'BAD_FILE', details: {} });
  expect([error, foreign, new Error('x'), 'x'].map((one) => isJetError(one))).toEqual([true, true, false, false]);
  expect([error, foreign].map((one) => isJetError(one, 'BAD_FILE'))).toEqual([false, true]);
  if (!isJetError(error, 'DEVICE_UNAVAILABLE')) throw new Error('not told');
  const reasons: readonly { readonly backend: string }[] | undefined = error.details.reasons;
  expect(reasons?.[0].backend).toBe('wasm');
});

test('details of a known kind are of their type', () => {
  // @ts-expect-error a number
  expect(new JetError('DEGENERATE_METRIC', 'none', { lowerBound: 'high' }).code).toBe('DEGENERATE_METRIC');
  expect(new JetError('BAD_FILE', 'x').details).toEqual({});
});

test('a message of any length is cut in the middle', () => {
  const { message } = new JetError('BAD_FILE', `file: ${'x'.repeat(1_000_000)}; expected another`);
  expect(message).toHaveLength(2000);
  expect(message).toMatch(/^file: x+…x+; expected another$/);
});

test('every code says in one sentence what went wrong', () => {
  for (const { says } of Object.values(ERRORS)) expect(says).toMatch(/^[A-Z][^.]+\.$/);
});
