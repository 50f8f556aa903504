import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { isJetError, JetError } from './errors.js';
import { plainError, reviveError } from './plainError.js';

/** As another thread gets it. */
function sent(error: unknown): Error {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(plainError(error));
    return reviveError(receiveMessageOnPort(port2)?.message);
  } finally {
    port1.close();
  }
}

it('brings a JetError to another thread with code, message, details and stack', () => {
  const error = new JetError('OUT_OF_RANGE', 'here: got 2; expected 1', { got: 2, pair: [1, 2] });
  const revived = sent(error);
  expect(isJetError(revived)).toBe(true);
  expect(revived).toMatchObject({ code: 'OUT_OF_RANGE', message: error.message, details: error.details });
  expect(revived.stack).toBe(error.stack);
});

it('brings the causes along', () => {
  const cause = new Error('the disk', { cause: new RangeError('a sector') });
  const revived = sent(new JetError('BAD_FILE', 'here', {}, { cause }));
  expect(revived.cause).toMatchObject({ message: 'the disk', cause: { message: 'a sector' } });
});

it('leaves out details that cannot be cloned', () => {
  const revived = sent(new JetError('BAD_FILE', 'here', { jets: 3, close: () => 0 }));
  expect(revived).toMatchObject({ details: { jets: 3 } });
});

it('brings anything else that was thrown as an error with its message', () => {
  const revived = sent(new TypeError('x is not a function'));
  expect(isJetError(revived)).toBe(false);
  expect(revived.message).toBe('x is not a function');
  expect(sent('a text').message).toBe('a text');
  expect(sent(undefined).message).toBe('undefined');
});
