import { type DeviceReport, listDevices } from '@jetsdk/infer';
import { formatCount, isJetError, SDK_VERSION } from '@jetsdk/jets';
import { type BackendName, selectBackend } from '@jetsdk/train';
import { print, printJson, table } from '../terminal.js';

interface BackendReport {
  readonly backend: BackendName;
  readonly available: boolean;
  readonly reason?: string;
}

const BACKENDS: readonly BackendName[] = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'webgpu'];

/** Prints what jets can be scored on and networks trained with on this machine. */
export async function examine(json: boolean): Promise<void> {
  const devices = await listDevices();
  const backends: BackendReport[] = [];
  for (const backend of BACKENDS) backends.push(await reportBackend(backend));
  if (json) {
    printJson({
      sdk: SDK_VERSION,
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      devices,
      backends,
    });
    return;
  }
  print(`Jet SDK ${SDK_VERSION}, Node ${process.versions.node}, ${process.platform} ${process.arch}\n`);
  print(
    table(
      ['score on', 'works', 'jets/s', ''],
      devices.map((one, i) => deviceRow(one, devices[i - 1])),
    ),
  );
  print('');
  print(
    table(
      ['train with', 'works', ''],
      backends.map(({ backend, available, reason = '' }) => [backend, available ? 'yes' : 'no', reason]),
    ),
  );
  if (devices.some(({ device, available }) => device === 'cpu' && available)) print(ADVICE);
}

/** What a machine with a graphics card needs; `.npmrc` keeps install scripts off, so nothing of it comes by itself. */
const ADVICE = `
To score on an NVIDIA GPU (Linux x64, CUDA 12 and cuDNN 9):
  node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install`;

function deviceRow(one: DeviceReport, above: DeviceReport | undefined): string[] {
  const { device, available, jetsPerSecond, reason = '', runtime, selfTest } = one;
  const note = available
    ? `${runtime}${selfTest === undefined ? '' : `, differs from ${selfTest.reference} by ${selfTest.maxAbsDifference.toExponential(1)}`}`
    : reason === above?.reason
      ? 'as above'
      : reason;
  return [device, available ? 'yes' : 'no', jetsPerSecond === undefined ? '' : formatCount(jetsPerSecond), note];
}

async function reportBackend(backend: BackendName): Promise<BackendReport> {
  try {
    await selectBackend(backend);
    return { backend, available: true };
  } catch (error) {
    if (!isJetError(error, 'DEVICE_UNAVAILABLE')) throw error;
    const [first] = error.details.reasons ?? [];
    return { backend, available: false, reason: first?.reason ?? error.message };
  }
}
