/** @file Filters that rows are stored with. */
import { JetError } from '../../errors.js';
import { sizeOf } from '../../tensor.js';
import type { H5Host } from '../host.js';
import type { H5Dataset } from './dataset.js';
import { type H5Library, PLUGIN_FOLDER } from './library.js';
import { BUILT_IN, type WholeChunk } from './wholeChunks.js';

/** Filters of the plugin package: HDF5 filter number → name. */
const PLUGINS = new Map([
  [307, 'bz2'],
  [32000, 'lzf'],
  [32001, 'blosc'],
  [32004, 'lz4'],
  [32008, 'bshuf'],
  [32013, 'zfp'],
  [32015, 'zstd'],
  [32026, 'blosc2'],
]);

/** Codec of Blosc, as its seventh parameter says, that the plugin is built without. */
const BLOSC_SNAPPY = 3;

/** What a filter is called; `filter N` where it cannot be undone. */
export function filterName({
  id,
  cd_values: parameters,
}: {
  readonly id: number;
  readonly cd_values: readonly number[];
}): string {
  const name = BUILT_IN.get(id) ?? PLUGINS.get(id);
  return name === 'blosc' && parameters[6] === BLOSC_SNAPPY
    ? `filter ${id}, Blosc with Snappy`
    : (name ?? `filter ${id}`);
}

/** @throws {JetError} UNSUPPORTED if a dataset is stored with one that cannot be undone */
export function requireFilters(name: string, dataset: H5Dataset): void {
  const unknown = dataset.filters.find((filter) => filter.startsWith('filter '));
  if (unknown !== undefined)
    throw new JetError(
      'UNSUPPORTED',
      `${name}: ${dataset.path} is compressed with HDF5 ${unknown}; expected one of ${[...BUILT_IN.values(), ...PLUGINS.values()].join(', ')}; repack it, e.g. h5repack -f GZIP=6`,
      { path: dataset.path, filter: unknown },
    );
}

/** What the chunks of a dataset have to be; undefined where it cannot be told: lists of any length have another in the file. */
export function wholeChunk({ chunks, elementBytes, type, fields, filters }: H5Dataset): WholeChunk | undefined {
  const isKnown = [type, ...fields.map((field) => field.type)].every((one) => one !== 'other');
  if (!chunks || !isKnown) return undefined;
  const ids = new Map([...BUILT_IN, ...PLUGINS].map(([id, name]) => [name, id]));
  return { filters: filters.flatMap((name) => ids.get(name) ?? []), bytes: elementBytes * sizeOf(chunks) };
}

/** Loads the plugins of the filters of some datasets. */
export async function installPlugins(h5: H5Library, datasets: readonly H5Dataset[], host: H5Host): Promise<void> {
  const names = new Set(datasets.flatMap(({ filters }) => filters));
  const installed = h5.FS.readdir(PLUGIN_FOLDER) as string[];
  for (const name of PLUGINS.values()) {
    const fileName = `libH5Z${name}.so`;
    if (names.has(name) && !installed.includes(fileName))
      h5.FS.writeFile(`${PLUGIN_FOLDER}/${fileName}`, await host.loadPlugin(fileName));
  }
}
