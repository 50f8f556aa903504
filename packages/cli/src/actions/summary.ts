import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { JetError, nearestName, quoted } from '@jetsdk/jets';
import { totalFlops } from '@jetsdk/onnx';
import { loadNetwork, loadRun, selectBackend, zoo } from '@jetsdk/train';
import { modelPath, readModel } from '../modelFile.js';
import { type FormFlags, networkForm, shapeOf } from '../networkForm.js';
import {
  type NetworkSummary,
  summariseArtifacts,
  summariseNetwork,
  summariseOnnx,
  summaryText,
} from '../networkSummary.js';
import { print, printJson } from '../terminal.js';

export interface SummaryFlags extends FormFlags {
  readonly set: Readonly<Record<string, string>>;
  readonly json?: true;
}

/** Layers and costs of a network, a run or an ONNX file. */
export async function summary(what: string, flags: SummaryFlags): Promise<void> {
  const found = await summarise(what, flags);
  if (flags.json) printJson(asJson(found));
  else print(summaryText(found));
}

async function summarise(what: string, { set, ...flags }: SummaryFlags): Promise<NetworkSummary> {
  const isRun = existsSync(join(what, 'run.json'));
  if (isRun || extname(what) === '.onnx') {
    if (Object.keys(set).length + Object.keys(flags).filter((key) => key !== 'json').length > 0)
      throw new JetError(
        'BAD_ARGUMENT',
        `summary: ${what} is what it is; expected no --set, --recipe or --constituents`,
      );
    if (!isRun) return summariseOnnx(what, await readModel(what));
    await selectBackend('wasm');
    const { artifacts, run } = await loadRun(what);
    return summariseArtifacts(run.settings.network, artifacts);
  }
  if (extname(what) === '' && !Object.hasOwn(zoo, what)) {
    const path = await modelPath(what);
    if (path !== what) return summariseOnnx(what, await readModel(path));
    throw new JetError(
      'BAD_ARGUMENT',
      `summary: got ${quoted(what)}; expected a network (${Object.keys(zoo).join(', ')}, or a file of your own), the folder of a run, an ONNX file, or the name of a reference model; did you mean ${nearestName(what, Object.keys(zoo))}?`,
      { what },
    );
  }
  const network = await loadNetwork(what);
  await selectBackend('wasm');
  return summariseNetwork(network, shapeOf(network, networkForm(network, flags)), set);
}

function asJson({ cost, ...summary }: NetworkSummary): object {
  const { flops, ...rest } = cost ?? {};
  return { ...summary, ...(flops && { flops: totalFlops(flops), flopsByOperator: flops }), ...rest };
}
