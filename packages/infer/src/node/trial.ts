/** @file A model tried in a process of its own, whose memory and time are bounded. */
import { fork } from 'node:child_process';
import { JetError, type PlainError, reviveError } from '@jetsdk/jets';
import { trialLimits } from '../model/trialLimits.js';
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

export const tryInChild =
  (device: TrialRequest['device'], most?: number): NonNullable<Platform['tryOut']> =>
  ({ signal, use, ...trial }) => {
    const limits = trialLimits(trial.name, trial.model.length, most);
    const { mostMemory, mostMs } = limits;
    const child = fork(new URL('./trialProcess.js', import.meta.url), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      execArgv: [],
    });
    return new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        reject(limits.stopped());
        child.kill('SIGKILL');
      };
      const late = setTimeout(() => {
        reject(limits.tooLong('a process of its own'));
        child.kill('SIGKILL');
      }, mostMs);
      signal?.addEventListener('abort', stop);
      child.once('message', ({ error }: TrialAnswer) => {
        if (error === undefined) resolve();
        else reject(reviveError(error));
        child.kill('SIGKILL');
      });
      child.once('error', (error) => reject(limits.notStarted('process', error.message)));
      child.once('close', (code, by) => {
        clearTimeout(late);
        signal?.removeEventListener('abort', stop);
        // the watch of the process ends it so, and so does a system that runs out of memory
        if (by === 'SIGKILL') reject(limits.tooLarge());
        reject(
          new JetError(
            'BAD_MODEL',
            `${trial.name}: ONNX Runtime breaks down on it (${by ?? `exit code ${code}`}); expected a sound model`,
          ),
        );
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
