/** @file Where in a user's file each layer is made. */
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { lineOf } from './lineOf.js';

/** As `lineOf` says it. */
const lines = new WeakMap<layers.Layer, string>();

/** To be called where a layer is made. */
export function rememberLine(layer: layers.Layer): void {
  lines.set(layer, lineOf(new Error('made here')));
}

/**
 * Where the layer of that name was made, or stands in a JSON file: ` in line 7 of own.mjs`; empty if that is not known.
 *
 * @param source of the network that the model was built from
 */
export function lineOfLayer(
  { source }: { readonly source?: { readonly file: string; readonly text: string } },
  model: LayersModel,
  name: string,
): string {
  const layer = model.layers.find((one) => one.name === name);
  const made = layer && lines.get(layer);
  if (made || source === undefined || !source.file.endsWith('.json')) return made ?? '';
  const at = source.text.search(new RegExp(`"name"\\s*:\\s*${escaped(JSON.stringify(name))}`));
  return at < 0 ? '' : ` in line ${source.text.slice(0, at).split('\n').length} of ${source.file}`;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
