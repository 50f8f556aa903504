/** @file Chromium, as Debian or others install it: a browser for tests, and its SwiftShader a graphics card for tests. */
import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The browser's executable, if there is one. */
export const chromium = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((path) => existsSync(path));

const softwareGpuFolder = [
  '/usr/lib/chromium',
  ...(chromium === undefined ? [] : [dirname(realpathSync(chromium))]),
].find((folder) => existsSync(join(folder, 'vk_swiftshader_icd.json')) && existsSync(join(folder, 'libvulkan.so.1')));

/**
 * Environment in which Node's WebGPU finds the software graphics card; undefined where there is none. Mesa's layer that
 * selects cards complains where there is no desktop, so it stays out.
 */
export const softwareGpu =
  process.platform === 'linux' && softwareGpuFolder !== undefined
    ? {
        VK_ICD_FILENAMES: join(softwareGpuFolder, 'vk_swiftshader_icd.json'),
        LD_LIBRARY_PATH: softwareGpuFolder,
        NODEVICE_SELECT: '1',
      }
    : undefined;

/**
 * Runs a module in a process of its own, with `loadTagger` and the fixtures at hand.
 *
 * @param body statements; the value given to `print` comes back
 */
export async function inNode(body: string, env: Record<string, string>): Promise<{ value: unknown; stderr: string }> {
  const program = `
    import { loadTagger, listDevices } from '@jetsdk/infer';
    import { readFileSync } from 'node:fs';
    const fixture = (name) => new Uint8Array(readFileSync('fixtures/' + name + '.onnx'));
    const images = (data, side = 12) => ({ kind: 'images', shape: [data.length / side / side, side, side, 1], data });
    const failure = (work) => work.then(() => 'no error', (error) => ({ code: error.code, message: error.message }));
    const print = (value) => process.stdout.write(JSON.stringify(value));
    ${body}`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: new URL('../../packages/infer', import.meta.url),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    timeout: 150_000,
  });
  return { value: JSON.parse(stdout), stderr };
}
