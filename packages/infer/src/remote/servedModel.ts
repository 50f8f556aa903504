/** @file Models that a server runs. */
import type { ModelSource } from '../source.js';

/** Where a server keeps a model. */
export interface ServedModel {
  /** base of the protocol, ends in `/v2` */
  readonly server: string;
  /** of the model, ends in its name or version */
  readonly model: string;
  readonly name: string;
}

/** The model at an address `http(s)://…/v2/models/NAME`, with or without a version; undefined for any other source. */
export function servedModel(source: ModelSource): ServedModel | undefined {
  const text = typeof source === 'string' || source instanceof URL ? String(source) : '';
  const [, server, name, version = ''] =
    /^(https?:\/\/[^?#]*?\/v2)\/models\/([^/?#]+)(\/versions\/[^/?#]+)?\/?$/i.exec(text) ?? [];
  if (server === undefined || name === undefined) return undefined;
  return { server, model: `${server}/models/${name}${version}`, name: decodeURIComponent(name) };
}

/** Whether a source is the address of a model that a server runs, `http(s)://…/v2/models/NAME`. */
export const isServedModel = (source: ModelSource): boolean => servedModel(source) !== undefined;
