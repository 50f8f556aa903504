/** @file ONNX Runtime in Node; a session runs in the thread that opens it. */
import { JetError } from '@jetsdk/jets';
import { firstLine, openOrtSession } from './ortSession.js';
import { once } from './queue.js';
import type { Runtime } from './runtime.js';

/** Loads the native library, on first use. */
const library = once(async () => {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new JetError(
      'DEVICE_UNAVAILABLE',
      `onnxruntime-node: no native library for ${process.platform} ${process.arch} (${firstLine(cause)}); expected linux x64 or arm64, macOS arm64, or Windows x64 or arm64; reinstall, or score in a browser`,
      { platform: process.platform, arch: process.arch },
      { cause },
    );
  }
});

export async function nodeRuntime(): Promise<Runtime> {
  const ort = await library();
  return {
    name: 'onnxruntime-node',
    version: ort.env.versions.node ?? ort.env.versions.common,
    threads: undefined,
    open: (model, settings) => openOrtSession(ort, model, settings, 'cpu'),
  };
}
