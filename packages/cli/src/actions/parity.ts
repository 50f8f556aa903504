/** @file The same jets on several devices. */
import { type Device, loadTagger } from '@jetsdk/infer';
import { formatCount, formatCounted, isJetError, JetError } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { HINT_NAMES, type HintFlags, hintsOf } from '../loading.js';
import { modelPath } from '../modelFile.js';
import { withOptionNames } from '../optionNames.js';
import { type JetFlags, jetOptions } from '../options.js';
import { print, printJson, table } from '../terminal.js';

export interface ParityFlags extends HintFlags, JetFlags {
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
  /** of jets in memory, their imaging included, in the fastest of several runs */
  readonly jetsPerSecond?: number;
  readonly reason?: string;
}

/**
 * Scores jets on several devices and says how far they are from the CPU.
 *
 * @throws {JetError} PARITY_FAILED if one is further than the tolerance
 */
export async function compareDevices(model: string, flags: ParityFlags): Promise<void> {
  const path = await modelPath(model);
  const reference = await scoresOn('cpu', path, flags);
  const { runtime, jetsPerSecond } = reference;
  const rows: ParityRow[] = [{ device: 'cpu', runtime, maxAbsDifference: 0, jetsPerSecond }];
  for (const device of flags.device.filter((name) => name !== 'cpu'))
    rows.push(await compare(device, path, reference.scores, flags));
  if (flags.json) printJson({ jets: reference.scores.length, tolerance: flags.tolerance, devices: rows });
  else {
    print(`${formatCounted(reference.scores.length, 'jet')} of ${flags.data} against the CPU\n`);
    print(
      table(
        ['device', 'max |Δscore|', 'jets/s', ''],
        rows.map(({ device, runtime, maxAbsDifference, jetsPerSecond, reason }) => [
          device,
          maxAbsDifference?.toExponential(2) ?? '–',
          jetsPerSecond === undefined ? '–' : formatCount(jetsPerSecond),
          runtime ?? reason ?? '',
        ]),
      ),
    );
  }
  const worst = Math.max(...rows.map(({ maxAbsDifference = 0 }) => maxAbsDifference));
  if (!(worst <= flags.tolerance))
    throw new JetError('PARITY_FAILED', `parity: max |Δscore| ${worst}; expected at most ${flags.tolerance}`, {
      worst,
      tolerance: flags.tolerance,
    });
}

async function compare(device: string, path: string, reference: Float32Array, flags: ParityFlags): Promise<ParityRow> {
  try {
    const { scores, ...ran } = await scoresOn(device as Device, path, flags);
    const maxAbsDifference = scores.reduce((most, score, i) => Math.max(most, Math.abs(score - reference[i])), 0);
    return { device, maxAbsDifference, ...ran };
  } catch (error) {
    if (!isJetError(error) || error.code !== 'DEVICE_UNAVAILABLE') throw error;
    return { device, reason: error.message };
  }
}

interface Scored {
  readonly scores: Float32Array;
  readonly runtime: string;
  readonly jetsPerSecond: number;
}

async function scoresOn(device: Device, path: string, { data, jets, ...hints }: ParityFlags): Promise<Scored> {
  const source = await openJets(data, jetOptions(hints));
  try {
    const tagger = await withOptionNames(HINT_NAMES, () => loadTagger(path, { device, ...hintsOf(hints) }));
    try {
      const part = await source.read(0, Math.min(jets, source.count));
      const scores = await tagger.score(part);
      const jetsPerSecond = Math.round(scores.length / (await fastest(() => tagger.score(part))));
      return { scores, runtime: `${tagger.info.runtime} ${tagger.info.device}`, jetsPerSecond };
    } finally {
      await tagger.dispose();
    }
  } finally {
    source.close();
  }
}

/** Seconds of the fastest run of those that fit into one second. */
async function fastest(run: () => Promise<unknown>): Promise<number> {
  let [best, spent] = [Infinity, 0];
  while (spent < 1) {
    const start = performance.now();
    await run();
    const seconds = (performance.now() - start) / 1000;
    spent += seconds;
    best = Math.min(best, seconds);
  }
  return best;
}
