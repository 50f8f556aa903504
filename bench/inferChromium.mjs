// The part of infer.mjs that runs in headless Chromium: scores a second beside a bare ONNX Runtime Web loop: WebAssembly on one and two threads, WebGPU.
import { exportModel } from '@jetsdk/export';
import { artifactsOf, buildNetwork, selectBackend, zoo } from '@jetsdk/train';
import { inChromium } from './chromiumPage.mjs';

await selectBackend();
const { bytes } = exportModel(await artifactsOf(await buildNetwork(zoo['course-cnn'], { seed: 1 })));

/** In the page: rounds of both in turn, the best of each counts. */
const script = `
  import { loadTagger } from '@jetsdk/infer';
  window.race = async (device, threads, batch, slow) => {
    const { InferenceSession, Tensor } = await (device === 'wasm' ? import('onnxruntime-web/wasm') : import('onnxruntime-web/webgpu'));
    const tagger = await loadTagger('/model.onnx', { device, cache: false, ...(threads > 0 ? { threads } : {}) });
    const session = await InferenceSession.create('/model.onnx', { executionProviders: [device], graphOptimizationLevel: 'extended' });
    const data = Float32Array.from({ length: batch * 900 }, () => (Math.random() < 0.06 ? Math.random() : 0));
    const step = Math.min(batch, tagger.info.batchSize);
    const contenders = {
      ours: () => tagger.score({ kind: 'images', shape: [batch, 30, 30, 1], data }),
      bare: async () => {
        for (let at = 0; at < batch; at += step)
          await session.run({ image: new Tensor('float32', data.subarray(at * 900, (at + step) * 900), [step, 30, 30, 1]) });
      },
    };
    const best = { ours: 0, bare: 0 };
    for (const run of Object.values(contenders)) await run();
    for (let round = 0; round < (slow ? 6 : 20); round++)
      for (const [name, run] of Object.entries(contenders)) {
        let done = 0;
        const start = performance.now();
        for (; performance.now() - start < 200; done += batch) await run();
        best[name] = Math.max(best[name], (done / (performance.now() - start)) * 1000);
      }
    await tagger.dispose();
    await session.release();
    return best;
  };
  window.ready = true;`;

const ran = await inChromium(script, bytes, async (ask, version) => {
  console.log(`\ncourse-cnn in Chromium ${version}; WebGPU is a software adapter unless there is a card`);
  for (const [device, threads, batches] of [
    ['wasm', 1, [1, 256, 4096]],
    ['wasm', 2, [1, 256, 4096]],
    ['webgpu', 0, [1, 256]],
  ])
    for (const batch of batches) {
      const { ours, bare } = await ask(`race('${device}', ${threads}, ${batch}, ${device === 'webgpu'})`);
      console.log(
        `${device}${threads > 0 ? ` ${threads} thread${threads > 1 ? 's' : ' '}` : '          '} batch ${String(batch).padEnd(5)} ours ${String(Math.round(ours)).padStart(7)} jets/s   bare ${String(Math.round(bare)).padStart(7)}   ratio ${(ours / bare).toFixed(2)}`,
      );
    }
});
if (!ran) console.log('\nskipped: chromium is not installed');
