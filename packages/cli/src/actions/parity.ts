/** @file The same jets on several devices. */
import { type Device, compareDevices as scoreOnEach } from '@jetsdk/infer';
import { formatCount, formatCounted, JetError, type JetImages, type Jets } from '@jetsdk/jets';
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

/**
 * Scores jets on several devices and says how far they are from the CPU.
 *
 * @throws {JetError} PARITY_FAILED if one is further than the tolerance
 */
export async function compareDevices(model: string, flags: ParityFlags): Promise<void> {
  const { data, device, jets: most, ...hints } = flags;
  const jets = await readFirst(data, most, hints);
  const rows = await withOptionNames(HINT_NAMES, async () =>
    scoreOnEach(await modelPath(model), jets, ['cpu', ...(device as Device[])], hintsOf(hints)),
  );
  const [count] = jets.shape;
  if (flags.json) printJson({ jets: count, tolerance: flags.tolerance, devices: rows });
  else {
    print(`${formatCounted(count, 'jet')} of ${flags.data} against the CPU\n`);
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

async function readFirst(path: string, most: number, flags: JetFlags): Promise<Jets | JetImages> {
  const source = await openJets(path, jetOptions(flags));
  try {
    return await source.read(0, Math.min(most, source.count));
  } finally {
    source.close();
  }
}
