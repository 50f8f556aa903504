/** @file The jets that are being looked at: opened, gone through once, and shown one by one. */
import { JetError, type JetSource, jetKinematics, makeImages, namedRecipe, pixelateOf } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import type { JetImage } from '@jetsdk/plots';
import { averages, inGev, singleImage } from '@jetsdk/plots/survey';
import { breath } from './breath.js';
import type { Task } from './rpc.js';
import { fetchFile } from './runtimeFiles.js';

/** What is known of a file without reading its jets. */
export interface DataInfo {
  readonly name: string;
  readonly kind: 'constituents' | 'images';
  readonly count: number;
  readonly jetShape: readonly number[];
  /** whether constituents come with their electric charge, and with the collision each is from */
  readonly charges: boolean;
  readonly vertices: boolean;
  /** names of background and signal, where they are known */
  readonly classes: readonly string[] | undefined;
  /** (count,) 0 = background, 1 = signal */
  readonly labels: Uint8Array | undefined;
}

/** What going through all jets tells. */
export interface Survey {
  /** mean of the jets of each class (of all jets where there are no labels), first channel */
  readonly averages: readonly AverageImage[];
  readonly halfWidth: number | undefined;
  /** GeV; constituents only */
  readonly mass: Float64Array | undefined;
}

export interface AverageImage extends JetImage {
  /** undefined: all jets */
  readonly label: 0 | 1 | undefined;
  readonly jets: number;
}

const SLICE = 256;

/** A label that is no class. */
const UNWANTED = 2;

export function jetFile() {
  let opened: { readonly source: JetSource; readonly labels: Uint8Array | undefined } | undefined;

  const current = (): NonNullable<typeof opened> => {
    if (opened === undefined) throw new JetError('BAD_ARGUMENT', 'dashboard: no jets are open; open a file first');
    return opened;
  };
  /** Labels, and what else comes with the constituents. */
  const looked = async (source: JetSource) => {
    try {
      const labels = await source.labels();
      const one = source.count > 0 && source.kind === 'constituents' ? await source.read(0, 1) : undefined;
      const jet = one?.kind === 'constituents' ? one : undefined;
      return { labels, charges: jet?.charge !== undefined, vertices: jet?.vertex !== undefined };
    } catch (error) {
      source.close();
      throw error;
    }
  };

  return {
    source: (): JetSource => current().source,

    /** @param input a file of the visitor, or the address of one of the site */
    async open(input: { readonly file: File | string }, task: Task): Promise<DataInfo> {
      const file = typeof input.file === 'string' ? await fetchFile(input.file, task) : input.file;
      const source = await openJets(file);
      const { labels, charges, vertices } = await looked(source);
      const { name, kind, count, jetShape, classes } = source;
      if (count === 0)
        throw new JetError('BAD_DATASET', `${name}: 0 jets; expected at least 1; choose another file`, { jets: 0 });
      opened?.source.close();
      opened = { source, labels };
      return { name, kind, count, jetShape, charges, vertices, classes, labels };
    },

    /** @param input the named recipe that makes images of constituents */
    async survey({ recipe }: { readonly recipe: string }, task: Task): Promise<Survey> {
      const { source, labels } = current();
      const mass = source.kind === 'constituents' ? new Float64Array(source.count) : undefined;
      const averages = await average(source, labels, recipe, task, undefined, (part, start) => {
        if (part.kind === 'constituents') mass?.set(jetKinematics(part).mass, start);
      });
      return {
        averages,
        halfWidth: source.kind === 'constituents' ? pixelateOf(namedRecipe(recipe)).halfWidth : undefined,
        mass,
      };
    },

    /** @param input.wanted (count,) 1 for the jets that are averaged */
    averages(
      { recipe, wanted }: { readonly recipe: string; readonly wanted: Uint8Array },
      task: Task,
    ): Promise<readonly AverageImage[]> {
      const { source, labels } = current();
      return average(source, labels, recipe, task, wanted);
    },

    /** Images of single jets in GeV (of constituents) or as they are in the file, first channel. */
    async images({ jets, recipe }: { readonly jets: readonly number[]; readonly recipe: string }): Promise<JetImage[]> {
      const { source } = current();
      const pictures: JetImage[] = [];
      for (const jet of jets) {
        const one = await source.read(jet, jet + 1);
        pictures.push(singleImage(one.kind === 'images' ? one : makeImages(inGev(namedRecipe(recipe)), one)));
      }
      return pictures;
    },
  };
}

/** Mean images of each class, of the wanted jets or of all. */
async function average(
  source: JetSource,
  labels: Uint8Array | undefined,
  recipe: string,
  task: Task,
  wanted?: Uint8Array,
  see?: (part: Awaited<ReturnType<JetSource['read']>>, start: number) => void,
): Promise<AverageImage[]> {
  const classes = labels === undefined ? ([undefined] as const) : ([0, 1] as const);
  const means = averages(classes.length);
  const toImages = inGev(namedRecipe(recipe));
  const rest = breath(task.signal);
  for (let start = 0; start < source.count; start += SLICE) {
    const end = Math.min(start + SLICE, source.count);
    if (wanted !== undefined && !wanted.subarray(start, end).includes(1)) continue;
    const part = await source.read(start, end);
    see?.(part, start);
    const own = labels?.slice(start, end) ?? new Uint8Array(end - start);
    means.add(
      part.kind === 'images' ? part : makeImages(toImages, part),
      wanted === undefined ? own : own.map((label, i) => (wanted[start + i] === 1 ? label : UNWANTED)),
    );
    task.progress({ done: end, total: source.count });
    await rest();
  }
  return classes.flatMap((label, i) => {
    const image = means.image(i);
    return image === undefined ? [] : [{ label, jets: means.counts[i], ...image }];
  });
}
