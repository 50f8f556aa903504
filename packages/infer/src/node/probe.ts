/** @file A process that tries one device and reports to its parent. */

import { reportDevice } from '../devices/reportDevice.js';
import type { Device } from '../runtime/runtime.js';
import { nodePlatform } from './platform.js';

const report = await reportDevice(nodePlatform, process.argv[2] as Device);
process.send!(report, () => process.disconnect());
