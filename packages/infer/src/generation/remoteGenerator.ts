/** @file A generator that a server runs: noise and conditions are made here, showers and jets there. */
import type { GeneratorCard, JetError, Tensor } from '@jetsdk/jets';
import { GENERATOR_KEY } from '@jetsdk/onnx/card';
import type { ServedModel } from '../model/servedModel.js';
import type { LoadRegressorOptions } from '../options.js';
import { decodeTensors, readTensors } from '../protocol/body.js';
import { DEFAULT_TIMEOUT_MS } from '../protocol/http.js';
import { NOISE_INPUT } from '../protocol/keys.js';
import { ask, remote } from '../remote/client.js';
import { inferRequest } from '../remote/inferRequest.js';
import { askAbout } from '../remote/loadRemote.js';
import type { Session } from '../runtime/runtime.js';
import { type Generator, makeGenerator } from './generator.js';
import { noGenerator } from './noGenerator.js';
import { requirePorts } from './ports.js';

/** Showers or jets a request. */
const BATCH = 128;

/**
 * A generator that our own server runs: the same numbers as of the file, since they follow from noise and conditions.
 *
 * @throws {JetError} REMOTE if the server cannot be reached or speaks otherwise; BAD_MODEL for a model that is no generator;
 *   BAD_ARGUMENT for options that only a local model has; BAD_FILE if the model's SHA-256 is another; CANCELLED
 */
export async function loadRemoteGenerator(served: ServedModel, options: LoadRegressorOptions): Promise<Generator> {
  const { info, sha256 } = await askAbout(served, options);
  const json = info.parameters.get(GENERATOR_KEY);
  if (json === undefined) throw noGenerator(served.model, info.parameters);
  const { generatorCardFromJson } = await import('../model/onnxFile.js');
  const card = generatorCardFromJson(json, served.model);
  if (sha256 === undefined) throw remote(served.model, 'the server does not tell the SHA-256 of the generator');
  requirePorts(served.model, card, info);
  const { timeoutMs = DEFAULT_TIMEOUT_MS, batchSize = BATCH } = options;
  return makeGenerator(remoteSession(served, card, { binary: info.binary, timeoutMs }), {
    name: card.name,
    card,
    sha256,
    device: 'remote',
    wholeOnDevice: true,
    runtime: info.server,
    threads: 1,
    batchSize,
  });
}

function remoteSession(
  { model }: ServedModel,
  { outputs }: GeneratorCard,
  { binary, timeoutMs }: { readonly binary: boolean; readonly timeoutMs: number },
): Pick<Session, 'run' | 'release'> {
  const url = `${model}/infer`;
  const shapes = new Map(outputs.map(({ name, shape }) => [name, shape]));
  return {
    async run(feeds, names) {
      // conditions have been looked at here
      const request = inferRequest(feeds, names, { asBytes: binary, parameters: { outside: 'allow' } });
      const { json, binary: bytes } = await ask(url, request, { timeoutMs });
      const wrong = (problem: string): JetError => remote(url, problem);
      const tensors = readTensors(json, 'outputs', wrong);
      const arrays = decodeTensors(tensors, bytes, wrong);
      return Object.fromEntries(
        names.map((name): [string, Tensor] => {
          const at = tensors.findIndex((one) => one.name === name);
          const expected = [feeds[NOISE_INPUT].shape[0], ...(shapes.get(name) ?? [])];
          const shape = tensors[at]?.shape;
          if (shape?.join() !== expected.join())
            throw wrong(`output ${name} has shape (${shape?.join(', ') ?? 'none'}); expected (${expected.join(', ')})`);
          return [name, { shape, data: arrays[at] }];
        }),
      );
    },
    release: () => Promise.resolve(),
  };
}
