import { dirname, join } from 'node:path';
import { JetError, type JetImages, type JetSource } from '@jetsdk/jets';
import { fileHash, openJets, takeJets, writeFileAtomically } from '@jetsdk/jets/files';
import { type LoadedRun, loadRun, selectBackend } from '@jetsdk/train';
import type { Command } from 'commander';
import { toImages } from '../dataset.js';
import { CALIBRATION_JETS, exportRun } from '../exporting.js';
import { print, say } from '../terminal.js';

interface ExportFlags {
  readonly output: string;
  readonly name?: string;
  readonly calibration?: string;
}

/** `jetsdk export` */
export function addExport(command: Command): void {
  command
    .argument('<run>', 'folder of the run')
    .requiredOption('-o, --output <file.onnx>', 'ONNX file to write; its card goes beside it as card.json')
    .option('--name <name>', "name in the card; default: the network's")
    .option('--calibration <file>', 'jets to compare on; default: those that it was trained on')
    .action(async (folder: string, flags: ExportFlags) => {
      await selectBackend('wasm');
      const run = await loadRun(folder);
      const jets = await calibrationImages(run, flags.calibration);
      const { bytes, card, parity } = await exportRun(run, flags.name ?? run.run.settings.network, jets);
      await writeFileAtomically(flags.output, bytes);
      await writeFileAtomically(join(dirname(flags.output), 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
      say(`${flags.output}: ${bytes.length} bytes`);
      print(
        `${parity.runtime} against the trained network on ${parity.jets} jets: max |Δscore| = ${parity.maxAbsDifference.toExponential(2)} (tolerance ${parity.tolerance})`,
      );
    });
}

async function calibrationImages({ run }: LoadedRun, file: string | undefined): Promise<JetImages> {
  const path = file ?? run.dataset.name;
  const remedy = 'name jets to compare on with --calibration';
  let source: JetSource;
  try {
    if (file === undefined && run.dataset.hash !== undefined && (await fileHash(path)) !== run.dataset.hash)
      throw new JetError('BAD_DATASET', `${path} is not the file that the run was trained on`);
    source = await openJets(path);
  } catch (cause) {
    if (file !== undefined) throw cause;
    throw new JetError(
      'BAD_DATASET',
      `export: the training jets are not here: ${(cause as Error).message}; ${remedy}`,
      {},
      { cause },
    );
  }
  try {
    const step = Math.max(1, source.count / CALIBRATION_JETS);
    const spread = Uint32Array.from({ length: Math.floor(source.count / step) }, (_, i) => Math.floor(i * step));
    return toImages(await takeJets(source, spread), run.recipe);
  } finally {
    source.close();
  }
}
