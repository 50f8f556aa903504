/** @file Work in a worker lets messages in now and then, such as one that says stop. */
import { JetError } from '@jetsdk/jets';

/** A visitor who cancels waits no longer than this, and a batch. */
const BREATH_MS = 40;

/**
 * @returns to be called between pieces of work
 */
export function breath(signal: AbortSignal): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= BREATH_MS) {
      await new Promise<void>((resolve) => {
        port1.onmessage = () => resolve();
        port2.postMessage(undefined);
      });
      last = performance.now();
    }
    if (signal.aborted) throw new JetError('CANCELLED', 'stopped by the visitor');
  };
}
