/** @file The worker that tries a model, on an ONNX Runtime whose memory does not grow beyond what it is told. */
import { plainError } from '@jetsdk/jets';
import * as ort from 'onnxruntime-web/wasm';
import { firstLine, openOrtSession } from '../runtime/ortSession.js';
import type { Session } from '../runtime/runtime.js';
import type { Opened, TrialAnswer, TrialQuestion, TrialStart } from './trial.js';

const PAGE_BYTES = 65_536;

addEventListener('message', ({ data, ports: [port] }: MessageEvent<TrialStart>) => start(data, port), { once: true });

function start({ mostMemory, files }: TrialStart, port: MessagePort): void {
  const ran = boundMemory(mostMemory);
  ort.env.wasm.numThreads = 1;
  if (files !== undefined) ort.env.wasm.wasmPaths = files;
  let session: Session;
  const answer = async (question: TrialQuestion): Promise<Opened | Awaited<ReturnType<Session['run']>>> => {
    if (question.ask === 'run') return session.run(question.feeds, question.outputs);
    session = await openOrtSession(ort, question.model, question.settings, 'wasm');
    const { device, whole, inputs, outputs } = session;
    return { device, whole, inputs, outputs };
  };
  port.onmessage = ({ data }: MessageEvent<TrialQuestion>) =>
    answer(data).then(
      (value) => port.postMessage({ value } satisfies TrialAnswer<unknown>),
      (error: unknown) => {
        const full = ran.full || (error instanceof Error && firstLine(error.cause).startsWith('out of memory'));
        port.postMessage({ error: plainError(error), full } satisfies TrialAnswer<unknown>);
      },
    );
}

/** The memories of WebAssembly that are made from now on. @returns whether one of them would have grown beyond that */
function boundMemory(bytes: number): { readonly full: boolean } {
  const found = { full: false };
  const most = Math.ceil(bytes / PAGE_BYTES);
  WebAssembly.Memory = class extends WebAssembly.Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super({ ...descriptor, maximum: Math.min(most, descriptor.maximum ?? most) });
    }
    override grow(pages: number): number {
      try {
        return super.grow(pages);
      } catch (error) {
        found.full = true;
        throw error;
      }
    }
  };
  return found;
}
