/** @file Every device of this machine, each tried in a process of its own: a bad driver may crash or hang. */
import { fork } from 'node:child_process';
import type { DeviceReport } from '../devices/reportDevice.js';
import type { Device } from '../runtime/runtime.js';
import { NODE_DEVICES, nodeObstacle } from './obstacles.js';

const LIMIT_MS = 60_000;

/**
 * Tries every device that ONNX Runtime has in Node, one after the other; WebAssembly, which is always there, last.
 *
 * @returns a report for each, with the reason and the remedy where it does not work
 */
export async function listDevices(): Promise<DeviceReport[]> {
  const reports: DeviceReport[] = [];
  for (const device of [...NODE_DEVICES, 'wasm'] as const) {
    const reason = device === 'wasm' ? undefined : nodeObstacle(device);
    reports.push(reason === undefined ? await tryInChild(device) : { device, available: false, reason });
  }
  return reports;
}

function tryInChild(device: Device): Promise<DeviceReport> {
  const child = fork(new URL('./probe.js', import.meta.url), [device], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  return new Promise((resolve) => {
    let said = '';
    child.stderr!.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-2000);
    });
    const fail = (reason: string): void =>
      resolve({ device, available: false, reason: [`device ${device}: ${reason}`, said.trim()].join(' ').trim() });
    const timer = setTimeout(() => {
      fail(`no answer in ${LIMIT_MS / 1000} s`);
      child.kill('SIGKILL');
    }, LIMIT_MS);
    child.once('message', (report: DeviceReport) => resolve(report));
    child.once('error', (error) => fail(error.message));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      fail(`the process that tried it stopped (${signal ?? `exit code ${code}`})`);
    });
  });
}
