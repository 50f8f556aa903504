/** @file Several sources as one list of jets. */
import { requireList } from '../door.js';
import { JetError } from '../errors.js';
import { BESIDE, type Beside, copyJets, type JetImages, type Jets } from '../jets.js';
import { sizeOf } from '../tensor.js';
import { checkRange, requireSource } from './checks.js';
import { columnOf } from './column.js';
import { jetsOf } from './sliceSource.js';
import type { JetSource } from './source.js';

/**
 * The jets of several sources, one after the other, as a source; closing it closes them all.
 *
 * It has ids or columns where all of them have.
 *
 * @throws {JetError} BAD_ARGUMENT without sources; SHAPE_MISMATCH if their jets differ in shape; BAD_DATASET if their
 *   classes differ, or some have charges or vertices and others have none. `labels` throws BAD_DATASET where some have labels and
 *   others have none
 */
export async function concatSources(sources: readonly JetSource[]): Promise<JetSource> {
  requireList('concatSources', sources, 'a list of sources of jets');
  for (const source of sources) requireSource('concatSources', source);
  const [first] = sources;
  if (first === undefined)
    throw new JetError('BAD_ARGUMENT', 'concatSources: no sources; expected at least one; open a file of jets');
  const { kind, jetShape } = first;
  const classes = sources.find((one) => one.classes)?.classes;
  for (const other of sources) {
    if (other.kind !== kind || other.jetShape.join() !== jetShape.join())
      throw new JetError(
        'SHAPE_MISMATCH',
        `${other.name}: ${other.kind} of (${other.jetShape.join(', ')}), ${first.name} has ${kind} of (${jetShape.join(', ')}); expected the same; convert them alike`,
        { shape: other.jetShape, expected: jetShape },
      );
    if (other.classes && classes && other.classes.join('\0') !== classes.join('\0'))
      throw new JetError(
        'BAD_DATASET',
        `${other.name}: classes ${other.classes.join(', ')}, after ${classes.join(', ')}; expected the same in the same order`,
        { classes: other.classes, expected: classes },
      );
  }
  const having = { charge: [] as JetSource[], vertex: [] as JetSource[] };
  for (const source of sources) {
    const none = await source.read(0, 0);
    for (const key of BESIDE) if (none.kind === 'constituents' && none[key]) having[key].push(source);
  }
  requireAllOrNone('charges', having.charge, sources);
  requireAllOrNone('vertices', having.vertex, sources);
  const starts = [0];
  for (const { count } of sources) starts.push(starts[starts.length - 1] + count);
  const count = starts[sources.length];
  const name = sources.map((one) => one.name).join(', ');
  const size = sizeOf(jetShape);

  return {
    name,
    kind,
    count,
    jetShape,
    ...(classes && { classes }),
    async read(start, stop): Promise<Jets | JetImages> {
      checkRange(name, start, stop, count);
      const parts: (Jets | JetImages)[] = [];
      for (const [i, source] of sources.entries()) {
        const from = Math.max(start, starts[i]);
        const to = Math.min(stop, starts[i + 1]);
        if (from < to) parts.push(await source.read(from - starts[i], to - starts[i]));
      }
      if (parts.length === 1) return parts[0];
      if (parts.length === 0) return copyJets(await first.read(0, 0));
      const data = new Float32Array((stop - start) * size);
      const beside: Beside = Object.fromEntries(
        BESIDE.filter((key) => having[key].length > 0).map((key) => [key, new Int8Array(data.length / 4)]),
      );
      let at = 0;
      for (const part of parts) {
        data.set(part.data, at);
        if (part.kind === 'constituents') for (const key of BESIDE) beside[key]?.set(part[key] ?? [], at / 4);
        at += part.data.length;
      }
      return jetsOf(kind, jetShape, data, beside);
    },
    async labels() {
      const labels = new Uint8Array(count);
      const labelled: JetSource[] = [];
      for (const [i, source] of sources.entries()) {
        const part = await source.labels();
        if (part === undefined) continue;
        labels.set(part, starts[i]);
        labelled.push(source);
      }
      requireAllOrNone('labels', labelled, sources);
      return labelled.length > 0 ? labels : undefined;
    },
    ...(sources.every((source) => source.ids) && {
      async ids() {
        const ids: string[] = [];
        for (const source of sources) {
          const part = await source.ids?.();
          if (part === undefined) return undefined;
          for (const id of part) ids.push(id);
        }
        return ids;
      },
    }),
    ...(sources.every((source) => source.column) && {
      async column(wanted) {
        const values = new Float64Array(count);
        for (const [i, source] of sources.entries()) values.set(await columnOf(source, wanted), starts[i]);
        return values;
      },
    }),
    close() {
      for (const source of sources) source.close();
    },
  };
}

function requireAllOrNone(what: string, having: readonly JetSource[], all: readonly JetSource[]): void {
  if (having.length === 0 || having.length === all.length) return;
  const without = all.find((source) => !having.includes(source));
  throw new JetError(
    'BAD_DATASET',
    `${without?.name}: no ${what}, ${having[0].name} has them; expected them in all files or in none`,
    { having: having.length, files: all.length },
  );
}
