/** @file Which devices this machine may have, found out without touching them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Device } from '../runtime/runtime.js';

/** Devices that the Node package knows, on one platform or another. */
export const NODE_DEVICES: readonly Device[] = ['cpu', 'cuda', 'tensorrt', 'dml', 'coreml', 'webgpu'];

/** What `auto` tries, best first. TensorRT is left out: it compiles every model for minutes. */
export const NODE_AUTO: readonly Device[] = ['cuda', 'dml', 'coreml', 'webgpu'];

/** Adds the libraries that the npm package does not carry. */
export const GPU_LIBRARIES_COMMAND = 'node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install';

/** Adds ONNX Runtime's native library where its own install script could not reach what it downloads. */
const NATIVE_COMMAND = 'npm install onnxruntime-node@1.30.0 --ignore-scripts';

const nativePackage = (): string => createRequire(import.meta.url).resolve('onnxruntime-node');

/** Why no device but `wasm` works here, and what helps; undefined where the native library is installed. */
export function nativeObstacle(): string | undefined {
  try {
    nativePackage();
    return undefined;
  } catch {
    return `onnxruntime-node is not installed; npm leaves it out where its install script cannot download; add it with \`${NATIVE_COMMAND}\``;
  }
}

/** Why a device cannot work here and what would help; undefined where only trying can tell. */
export function nodeObstacle(device: Device): string | undefined {
  const native = nativeObstacle();
  if (native !== undefined) return native;
  const { platform, arch } = process;
  const machine = `${platform} ${arch}`;
  if (device === 'dml') return platform === 'win32' ? undefined : `DirectML is part of Windows, this is ${machine}`;
  if (device === 'coreml') return platform === 'darwin' ? undefined : `Core ML is part of macOS, this is ${machine}`;
  if (device === 'cuda' || device === 'tensorrt') {
    if (machine !== 'linux x64') return `ONNX Runtime's Node package has CUDA on linux x64 only, this is ${machine}`;
    const library = `libonnxruntime_providers_${device}.so`;
    const path = join(libraryFolder(), library);
    if (!existsSync(path))
      return `${library} is not installed; add it with \`${GPU_LIBRARIES_COMMAND}\` (needs an NVIDIA driver, CUDA 12 and cuDNN 9)`;
    const missing = missingLibraries(path);
    if (missing.length > 0)
      return `${library} does not find ${missing.join(', ')}; install the NVIDIA driver, CUDA and cuDNN of these versions, or name their folders in LD_LIBRARY_PATH`;
  }
  if (device === 'webgpu' && platform === 'linux') {
    if (!VULKAN_FOLDERS().some((folder) => existsSync(join(folder, 'libvulkan.so.1'))))
      return 'no Vulkan loader (libvulkan.so.1); install it, e.g. `apt-get install libvulkan1`, and the driver of the graphics card';
    if (!hasVulkanDriver())
      return 'no Vulkan driver is registered in /usr/share/vulkan/icd.d or VK_DRIVER_FILES; install the driver of the graphics card';
  }
  return undefined;
}

/** What the loader of Linux does not find of the libraries that a library needs; empty where it cannot be asked. */
export function missingLibraries(path: string): string[] {
  const { stdout } = spawnSync('ldd', [path], { encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name!);
}

function libraryFolder(): string {
  return join(dirname(nativePackage()), '..', 'bin', 'napi-v6', process.platform, process.arch);
}

const listed = (variable: string): string[] =>
  (process.env[variable] ?? '').split(delimiter).filter((part) => part !== '');

const VULKAN_FOLDERS = (): string[] => [
  ...listed('LD_LIBRARY_PATH'),
  ...['/usr', '/usr/local', ''].flatMap((root) =>
    ['lib', 'lib64', 'lib/x86_64-linux-gnu', 'lib/aarch64-linux-gnu'].map((lib) => `${root}/${lib}`),
  ),
];

function hasVulkanDriver(): boolean {
  if (['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES'].some((variable) => listed(variable).length > 0))
    return true;
  const data = [...listed('XDG_DATA_DIRS'), '/usr/share', '/usr/local/share', join(homedir(), '.local/share'), '/etc'];
  return data.some((folder) => {
    const icd = join(folder, 'vulkan', 'icd.d');
    return existsSync(icd) && readdirSync(icd).some((file) => file.endsWith('.json'));
  });
}
