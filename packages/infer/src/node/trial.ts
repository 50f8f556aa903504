/** @file A model tried in a process of its own, whose memory and time are bounded. */
import { fork } from 'node:child_process';
import { JetError, type PlainError, reviveError } from '@jetsdk/jets';
import type { Platform, Trial, TrialUse } from '../platform.js';

/** What the process is told. */
export interface TrialRequest extends Omit<Trial, 'signal'> {
  readonly device: 'cpu' | 'wasm';
  /** bytes, of the whole process */
  readonly mostMemory: number;
}

/** What it answers. */
export interface TrialAnswer {
  readonly error?: PlainError;
}

/** Bytes, besides what the file itself takes. */
const MOST_MEMORY = 2 ** 30;
/** Copies of the weights that a runtime makes while it prepares them. */
const COPIES = 4;
/** To open it and to run it on jets, besides what the size of the file explains. */
const MOST_MS = 30_000;
/** Bytes a millisecond that are read and prepared at least. */
const LEAST_RATE = 20_000;

export const tryInChild =
  (device: TrialRequest['device'], most = MOST_MS): NonNullable<Platform['tryOut']> =>
  ({ signal, use, ...trial }) => {
    const bytes = trial.model.length;
    const mostMemory = MOST_MEMORY + COPIES * bytes;
    const mostMs = most + bytes / LEAST_RATE;
    const child = fork(new URL('./trialProcess.js', import.meta.url), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      execArgv: [],
    });
    return new Promise<void>((resolve, reject) => {
      const fail = (code: 'LIMIT_EXCEEDED' | 'BAD_MODEL' | 'DEVICE_UNAVAILABLE' | 'CANCELLED', text: string): void =>
        reject(new JetError(code, `${trial.name}: ${text}`));
      const remedy = 'if you trust the file, give its sha256, and it is not tried';
      const stop = (): void => {
        fail('CANCELLED', 'stopped by the caller');
        child.kill('SIGKILL');
      };
      const late = setTimeout(() => {
        fail(
          'LIMIT_EXCEEDED',
          `neither opened nor run on a jet within ${Math.round(mostMs / 1000)} s, in a process of its own; expected less time; ${remedy}`,
        );
        child.kill('SIGKILL');
      }, mostMs);
      signal?.addEventListener('abort', stop);
      child.once('message', ({ error }: TrialAnswer) => {
        if (error === undefined) resolve();
        else reject(reviveError(error));
        child.kill('SIGKILL');
      });
      child.once('error', (error) =>
        fail('DEVICE_UNAVAILABLE', `the process that tries the model did not start (${error.message}); ${remedy}`),
      );
      child.once('close', (code, by) => {
        clearTimeout(late);
        signal?.removeEventListener('abort', stop);
        // the watch of the process ends it so, and so does a system that runs out of memory
        if (by === 'SIGKILL')
          fail(
            'LIMIT_EXCEEDED',
            `takes more than ${mostMemory} bytes to open it or to run it on a jet; expected at most so many; ${remedy}`,
          );
        fail('BAD_MODEL', `ONNX Runtime breaks down on it (${by ?? `exit code ${code}`}); expected a sound model`);
      });
      if (signal?.aborted) stop();
      else child.send({ ...trial, device, mostMemory, use: plainUse(use) } satisfies TrialRequest, () => undefined);
    });
  };

/** What a process can be sent: a signal and callbacks are none of it. */
function plainUse(use: TrialUse): TrialUse {
  if (use.kind !== 'tagger') return use;
  const { recipe, inputKind, layout, output, outputKind, signalColumn } = use.hints;
  const hints = {
    ...(recipe !== undefined && { recipe }),
    ...(inputKind !== undefined && { inputKind }),
    ...(layout !== undefined && { layout }),
    ...(output !== undefined && { output }),
    ...(outputKind !== undefined && { outputKind }),
    ...(signalColumn !== undefined && { signalColumn }),
  };
  return { kind: 'tagger', hints };
}
