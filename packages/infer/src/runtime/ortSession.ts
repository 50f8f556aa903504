/** @file Sessions of ONNX Runtime, in Node or in the browser, behind our interface. */
import { fromHalf, JetError, type Tensor, toHalf } from '@jetsdk/jets';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Session, SessionSettings, ValueSpec } from './runtime.js';

/** What we use of the two packages. */
export interface Ort {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: typeof OrtTensor;
}

/** Severities of ONNX Runtime's log; its errors are thrown as well. */
const WARNINGS = 2;
const FATAL = 4;

/**
 * @throws {JetError} BAD_MODEL if the reference device refuses the model, DEVICE_UNAVAILABLE if another device does
 */
export async function openOrtSession(
  ort: Ort,
  model: Uint8Array,
  settings: SessionSettings,
  reference: string,
): Promise<Session> {
  const { device, threads, optimisation, verbose } = settings;
  const create = (session: Record<string, unknown>): Promise<InferenceSession> =>
    ort.InferenceSession.create(model, {
      executionProviders: [device],
      graphOptimizationLevel: optimisation,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: verbose === true ? WARNINGS : FATAL,
      extra: { session },
    });
  try {
    // threads that spin while they wait take the processor from those that work
    if (device === reference) return wrap(ort, await create({ intra_op: { allow_spinning: '0' } }), settings, true);
    try {
      return wrap(ort, await create({ disable_cpu_ep_fallback: '1' }), settings, true);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('fallback to CPU EP')) throw error;
      return wrap(ort, await create({}), settings, false);
    }
  } catch (cause) {
    const reason = firstLine(cause);
    if (reason.includes('no available backend found'))
      throw new JetError(
        'DEVICE_UNAVAILABLE',
        `device ${device}: ONNX Runtime did not start (${reason}); expected its .mjs and .wasm files beside the page's scripts; see the bundler section of the package's README`,
        { device },
        { cause },
      );
    if (device === reference)
      throw new JetError('BAD_MODEL', `ONNX Runtime does not accept the model: ${reason}`, {}, { cause });
    const remedy = device === 'webnn' ? '' : 'update the driver of the graphics card, or ';
    throw new JetError(
      'DEVICE_UNAVAILABLE',
      `device ${device}: ${reason}; expected it to start; ${remedy}use ${reference}`,
      { device },
      { cause },
    );
  }
}

/**
 * What went wrong, without the lines of a native stack; of memory that is short, of a failure of CUDA and of a condition
 * that does not hold without the places in the sources.
 */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const buffer = /allocate memory for requested buffer of size (\d+)/.exec(text);
  if (buffer) return `out of memory: no room for ${buffer[1]} bytes`;
  if (text.includes('std::bad_alloc')) return 'out of memory';
  if (text.includes('SafeIntOnOverflow')) return 'out of memory: a tensor is too large';
  const failure = /\b(CUDA|CUBLAS|CUDNN|CUFFT) failure \d+: [^;\n]+/.exec(text);
  if (failure) return failure[0].trim();
  const line = (text.split('\n').find((part) => part.trim() !== '') ?? '').trim();
  return /\.(?:cc|h):\d+ .* was false\. (.+)/.exec(line)?.[1] ?? line;
}

function wrap(ort: Ort, session: InferenceSession, { device }: SessionSettings, whole: boolean): Session {
  const inputs = session.inputMetadata.map(readSpec);
  const outputs = session.outputMetadata.map(readSpec);
  const types = new Map(inputs.map((spec) => [spec.name, spec.type]));
  let released = false;
  return {
    device,
    whole,
    inputs,
    outputs,
    async run(feeds, names) {
      const given: Record<string, OrtTensor> = {};
      for (const name in feeds) given[name] = toOrt(ort, feeds[name], types.get(name));
      let answer: InferenceSession.ReturnType;
      try {
        answer = await session.run(given, names);
      } catch (cause) {
        throw new JetError(
          'DEVICE_UNAVAILABLE',
          `device ${device}: the run failed (${firstLine(cause)}); expected scores; use a smaller batchSize if memory is short`,
          { device },
          { cause },
        );
      }
      const result: Record<string, Tensor> = {};
      for (const name of names) result[name] = fromOrt(name, answer[name]);
      return result;
    },
    async release() {
      if (released) return;
      released = true;
      await session.release();
    },
  };
}

function readSpec(meta: InferenceSession.ValueMetadata): ValueSpec {
  if (!meta.isTensor) return { name: meta.name, type: undefined, shape: [] };
  // an open dimension is its symbolic name; where it has none, Node gives an empty text and WebAssembly 2³²−1
  const shape = meta.shape.map((size) => (typeof size === 'number' && size < 2 ** 31 ? size : undefined));
  return { name: meta.name, type: meta.type, shape };
}

function toOrt(ort: Ort, { shape, data }: Tensor, type: string | undefined): OrtTensor {
  if (type === 'float16') return new ort.Tensor('float16', toHalf(data), shape);
  if (type === 'float64') return new ort.Tensor('float64', Float64Array.from(data), shape);
  return new ort.Tensor('float32', data, shape);
}

function fromOrt(name: string, { type, dims, data }: OrtTensor): Tensor {
  if (type === 'float32') return { shape: dims, data: data as Float32Array };
  if (type === 'float64') return { shape: dims, data: Float32Array.from(data as Float64Array) };
  if (type === 'float16') return { shape: dims, data: halves(data) };
  throw new JetError('UNSUPPORTED', `run: output ${name} holds ${type}; expected float32, float16 or float64`, {
    output: name,
    type,
  });
}

/** Where the language has Float16Array, the runtime uses it instead of 16-bit patterns. */
function halves(data: OrtTensor.DataType): Float32Array {
  return data instanceof Uint16Array ? fromHalf(data) : Float32Array.from(data as ArrayLike<number>);
}
