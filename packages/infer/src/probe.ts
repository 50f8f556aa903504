/** @file A process that tries one device and reports to its parent. */
import { nodePlatform } from './nodePlatform.js';
import { reportDevice } from './reportDevice.js';
import type { Device } from './runtime.js';

const report = await reportDevice(nodePlatform, process.argv[2] as Device);
process.send!(report, () => process.disconnect());
