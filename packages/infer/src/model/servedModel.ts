/** @file Models that a server runs. */
import { JetError } from '@jetsdk/jets';
import type { ModelSource } from '../model/source.js';

/** Where a server keeps a model. */
export interface ServedModel {
  /** base of the protocol, ends in `/v2` */
  readonly server: string;
  /** of the model, ends in its name or version */
  readonly model: string;
  readonly name: string;
}

const addressOf = (source: ModelSource): string =>
  typeof source === 'string' || source instanceof URL ? String(source) : '';

/** The model at an address `http(s)://…/v2/models/NAME`, with or without a version; undefined for any other source. */
export function servedModel(source: ModelSource): ServedModel | undefined {
  const [, server, name, version = ''] =
    /^(https?:\/\/[^?#]*?\/v2)\/models\/([^/?#]+)(\/versions\/[^/?#]+)?\/?$/i.exec(addressOf(source)) ?? [];
  if (server === undefined || name === undefined) return undefined;
  return { server, model: `${server}/models/${name}${version}`, name: decodeURIComponent(name) };
}

/** @throws {JetError} BAD_ARGUMENT for the address of a server, which does not say which of its models is meant */
export function requireModelNamed(source: ModelSource): void {
  const address = addressOf(source);
  if (/^https?:\/\/[^?#]*\/v2(\/models)?\/?$/i.test(address))
    throw new JetError(
      'BAD_ARGUMENT',
      `${address}: the address of a server; expected that of a model, which ends in /v2/models/NAME; add the name`,
      { address },
    );
}

/** Whether a source is the address of a model that a server runs, `http(s)://…/v2/models/NAME`. */
export const isServedModel = (source: ModelSource): boolean => servedModel(source) !== undefined;
