/**
 * @file The one thread of the process that talks to graphics processors. ONNX Runtime's WebGPU provider crashes when
 * two threads use it at the same time, so all sessions of all taggers share this one.
 */
import { type Engine, type EngineSetup, requireNotCancelled } from '../scoring/engine.js';
import { type ScoringThread, startThread } from './thread.js';

let thread: ScoringThread | undefined;
let open = 0;
let lastEngine = 0;

/**
 * NVIDIA's libraries round float32 to 10 bits of mantissa (TF32) unless this variable forbids it when they start, and
 * ONNX Runtime's Node package has no option of its own for that. What the user has set stays.
 */
function keepFloat32(): void {
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
}

/** @throws {JetError} DEVICE_UNAVAILABLE if the device does not start */
export async function gpuEngine(setup: EngineSetup): Promise<Engine> {
  if (!thread?.alive) {
    thread = startThread();
    open = 0;
  }
  if (setup.settings.device === 'cuda' || setup.settings.device === 'tensorrt') keepFloat32();
  const mine = thread;
  const engine = ++lastEngine;
  const leave = async (): Promise<void> => {
    if (mine !== thread || --open > 0) return;
    thread = undefined;
    await mine.end();
  };
  open++;
  let whole: boolean;
  try {
    whole = await mine.open(engine, setup);
  } catch (error) {
    await leave();
    throw error;
  }
  const batchJets = setup.plan.fixedBatch ?? setup.batchJets;
  return {
    whole,
    columns: setup.plan.readout.columns,
    batchJets,
    // a graph with a small fixed batch is looped in the thread, not by messages
    chunkJets: batchJets * Math.ceil(256 / batchJets),
    width: 1,
    async score(chunk, signal) {
      requireNotCancelled(signal);
      return mine.score(engine, chunk);
    },
    async close() {
      if (mine.alive) await mine.close(engine);
      await leave();
    },
  };
}
