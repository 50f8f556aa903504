import type { Command } from 'commander';
import type { ParityFlags } from '../actions/parity.js';
import { withHintOptions } from '../loading.js';
import { CLASS_DATASETS, COMPONENTS, DATASET, LAYOUT, notNegative, PADDING, UNIT, whole } from '../options.js';

const TOLERANCE = 1e-5;
const JETS = 1000;

/** `jetsdk parity` */
export function addParity(command: Command): void {
  command
    .argument('<model>', 'ONNX file, or a name from `jetsdk models`')
    .requiredOption('--data <file>', 'jets to score')
    .option('--device <list>', 'devices to compare with the CPU', (text) => text.split(','), ['cuda', 'webgpu', 'wasm'])
    .option('--jets <number>', 'how many', whole(1), JETS)
    .option('--tolerance <number>', 'largest |Δscore| allowed', notNegative, TOLERANCE)
    .option(...LAYOUT)
    .option(...DATASET)
    .option(...CLASS_DATASETS)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .option('--json', 'print JSON');
  withHintOptions(command).action(async (model: string, flags: ParityFlags) =>
    (await import('../actions/parity.js')).compareDevices(model, flags),
  );
}
