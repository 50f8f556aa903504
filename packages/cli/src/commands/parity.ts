import { type Device, loadTagger } from '@jetsdk/infer';
import { isJetError, JetError } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import type { Command } from 'commander';
import { modelPath } from '../modelFile.js';
import { whole } from '../options.js';
import { rowsOf } from '../rowsOf.js';
import { print, printJson, table } from '../terminal.js';

interface ParityFlags {
  readonly data: string;
  readonly device: readonly string[];
  readonly jets: number;
  readonly tolerance: number;
  readonly json?: true;
}

interface ParityRow {
  readonly device: string;
  readonly runtime?: string;
  readonly maxAbsDifference?: number;
  readonly reason?: string;
}

const TOLERANCE = 1e-5;
const JETS = 1000;

/** `jetsdk parity` */
export function addParity(command: Command): void {
  command
    .argument('<model>', 'ONNX file, or a name from `jetsdk models`')
    .requiredOption('--data <file>', 'jets to score')
    .option('--device <list>', 'devices to compare with the CPU', (text) => text.split(','), ['cuda', 'webgpu', 'wasm'])
    .option('--jets <number>', 'how many', whole(1), JETS)
    .option('--tolerance <number>', 'largest |Δscore| allowed', Number, TOLERANCE)
    .option('--json', 'print JSON')
    .action(async (model: string, flags: ParityFlags) => {
      const path = await modelPath(model);
      const reference = await scoresOn('cpu', path, flags);
      const rows: ParityRow[] = [{ device: 'cpu', runtime: reference.runtime, maxAbsDifference: 0 }];
      for (const device of flags.device.filter((name) => name !== 'cpu'))
        rows.push(await compare(device, path, reference.scores, flags));
      if (flags.json) printJson({ jets: reference.scores.length, tolerance: flags.tolerance, devices: rows });
      else {
        print(`${reference.scores.length} jets of ${flags.data} against the CPU\n`);
        print(
          table(
            ['device', 'max |Δscore|', ''],
            rows.map(({ device, runtime, maxAbsDifference, reason }) => [
              device,
              maxAbsDifference?.toExponential(2) ?? '–',
              runtime ?? reason ?? '',
            ]),
          ),
        );
      }
      const worst = Math.max(...rows.map(({ maxAbsDifference = 0 }) => maxAbsDifference));
      if (worst > flags.tolerance)
        throw new JetError('PARITY_FAILED', `parity: max |Δscore| ${worst}; expected at most ${flags.tolerance}`, {
          worst,
          tolerance: flags.tolerance,
        });
    });
}

async function compare(device: string, path: string, reference: Float32Array, flags: ParityFlags): Promise<ParityRow> {
  try {
    const { scores, runtime } = await scoresOn(device as Device, path, flags);
    const maxAbsDifference = scores.reduce((most, score, i) => Math.max(most, Math.abs(score - reference[i]!)), 0);
    return { device, runtime, maxAbsDifference };
  } catch (error) {
    if (!isJetError(error) || error.code !== 'DEVICE_UNAVAILABLE') throw error;
    return { device, reason: error.message };
  }
}

async function scoresOn(
  device: Device,
  path: string,
  { data, jets }: ParityFlags,
): Promise<{ scores: Float32Array; runtime: string }> {
  const source = await openJets(data);
  try {
    const tagger = await loadTagger(path, { device });
    try {
      const scores = await tagger.score(rowsOf(source, [0, Math.min(jets, source.count)]));
      return { scores, runtime: `${tagger.info.runtime} ${tagger.info.device}` };
    } finally {
      await tagger.dispose();
    }
  } finally {
    source.close();
  }
}
