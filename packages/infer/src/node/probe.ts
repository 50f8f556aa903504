/** @file A process that tries one device and reports to its parent. */

import { reportDevice } from '../devices/reportDevice.js';
import type { Device } from '../runtime/runtime.js';
import { nodePlatform } from './platform.js';
import { nodeWasmPlatform } from './wasmPlatform.js';

const device = process.argv[2] as Device;
const report = await reportDevice(device === 'wasm' ? nodeWasmPlatform : nodePlatform, device);
process.send!(report, () => process.disconnect());
