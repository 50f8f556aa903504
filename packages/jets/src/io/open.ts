/** @file Opens a file once, by whatever format it has. */
import { host } from '#host';
import { JetError } from '../errors.js';
import { quoted } from '../quoted.js';
import type { Format, OpenFile, OpenJetsOptions } from './format.js';
import { checkOptions, formatOf } from './formats.js';
import type { FileInput } from './host.js';

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
    return { ...opened, name: file.name, format, bytes: file.size };
  } catch (error) {
    file.close();
    throw error;
  }
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
