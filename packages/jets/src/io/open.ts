/** @file Opens a file once, by whatever format it has. */
import { host } from '#host';
import { JetError } from '../errors.js';
import { quoted } from '../quoted.js';
import { checkBeside } from '../source/checks.js';
import { isUsual, parseComponents, USUAL } from '../source/components.js';
import { componentsReader } from '../source/componentsReader.js';
import type { SliceReader } from '../source/sliceSource.js';
import type { Format, OpenFile, OpenJetsOptions } from './format.js';
import { checkOptions, formatOf } from './formats.js';
import type { FileInput } from './host.js';
import { signalLabels } from './signalLabels.js';

/** An open file and its format. */
export interface Opened extends OpenFile {
  readonly name: string;
  readonly format: Format;
  readonly bytes: number;
}

/**
 * Opens a file; closing the result closes it.
 *
 * @throws {JetError} FILE_NOT_FOUND, BAD_FILE, BAD_ARGUMENT, UNSUPPORTED, LIMIT_EXCEEDED
 */
export async function openAny(input: FileInput, options: OpenJetsOptions): Promise<Opened> {
  if (typeof input !== 'string' && !(input instanceof URL) && !(input instanceof Blob))
    throw new JetError('BAD_ARGUMENT', `openJets: got ${quoted(input)}; expected a path, a URL or a File`);
  const file = await host.openFile(input);
  try {
    const format = formatOf(file);
    checkOptions(file.name, format, options);
    const { jsroot = host.jsroot } = options;
    const opened = await format.open(file, options, { ...host, jsroot });
    const named = { ...opened, name: file.name, format, bytes: file.size };
    const jets = async () => {
      const reader = inGev(await opened.jets(), options);
      return options.signal === undefined ? reader : ofSignal(named, reader, options.signal);
    };
    return { ...named, jets };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The constituents of a file as E, px, py, pz in GeV, by what the options or the file say that they are. */
function inGev(reader: SliceReader, { components, unit, padding }: OpenJetsOptions): SliceReader {
  if (components === undefined && unit === undefined && reader.components === undefined) return reader;
  const told = components === undefined ? (reader.components ?? USUAL) : parseComponents(components);
  return isUsual(told) && unit !== 'MeV' ? reader : componentsReader(reader, told, unit, padding);
}

/** The reader with the labels of which one value is signal in place of its own. */
function ofSignal(opened: Omit<Opened, 'jets'>, reader: SliceReader, signal: string | number): SliceReader {
  const { labelsBetween: _, ...rest } = reader;
  return {
    ...rest,
    classes: ['background', Number.isNaN(Number(signal)) ? String(signal) : 'signal'],
    labels: async () => {
      const labels = await signalLabels(opened, signal);
      checkBeside(opened.name, reader.count, 'labels', labels.length);
      return labels;
    },
  };
}

/** Opens a file, uses it, and closes it. */
export async function withOpened<T>(
  input: FileInput,
  options: OpenJetsOptions,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const opened = await openAny(input, options);
  try {
    return await use(opened);
  } finally {
    opened.close();
  }
}
