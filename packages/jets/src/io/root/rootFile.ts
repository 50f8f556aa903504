/** @file Trees of ROOT files; the directory of the file and of the trees is read by JSROOT, the baskets here. */
import { JetError } from '../../errors.js';
import { requireMemory } from '../../memoryBudget.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { decoding } from '../bytes/decoding.js';
import { readExactly } from '../bytes/readExactly.js';
import type { Jsroot, RootHost } from '../host.js';
import type { ColumnTable, TableEntry } from '../tables/columnTable.js';
import { branchColumns, type RootTree } from './branch.js';
import { type Unzip, unzipWith } from './unzip.js';

interface RootDirectory {
  readonly fKeys: readonly {
    readonly fName: string;
    readonly fClassName: string;
    readonly fCycle: number;
    readonly fSeekKey: number;
  }[];
  readObject(name: string, cycle: number): Promise<unknown>;
}

/** The classes of a file, by its own description. */
interface RootClasses {
  readonly fStreamerInfos?: {
    readonly arr: readonly {
      readonly fName: string;
      readonly fElements?: {
        readonly arr: readonly {
          readonly fName: string;
          readonly fArrayLength?: number;
          readonly fArrayDim?: number;
        }[];
      };
    }[];
  };
}

/** ROOT's own limit. @see https://root.cern/doc/master/classTStreamerElement.html fMaxIndex */
const MAX_DIMENSIONS = 5;
const MAX_ARRAY = 2 ** 20;
const MAX_TREES = 64;
const MAX_DEPTH = 8;

/** An open ROOT file. */
export interface RootFile {
  readonly trees: readonly TableEntry[];
  /** objects of other classes, for messages */
  readonly others: readonly string[];
}

/**
 * Opens a ROOT file; of the trees only the names are read.
 *
 * @throws {JetError} DEVICE_UNAVAILABLE if there is no JSROOT; BAD_FILE if the file is truncated or corrupt
 */
export async function openRootFile(file: BinaryFile, host: RootHost): Promise<RootFile> {
  checkHeader(file);
  const [jsroot, { default: xxhash }] = await Promise.all([host.jsroot(), import('xxhash-wasm')]);
  const { h64Raw } = await xxhash();
  describeLeaves(jsroot);
  const unzip = unzipWith(jsroot.R__unzip, host.inflate, h64Raw);
  await checkRecord(file, infoPosition(file), unzip);
  class Bytes extends jsroot.FileProxy {
    openFile = async (): Promise<boolean> => true;
    getFileName = (): string => file.name;
    getFileSize = (): number => file.size;
    readBuffer = async (position: number, length: number): Promise<DataView> =>
      readExactly(file, position, Math.min(length, file.size - position));
  }
  const trees: TableEntry[] = [];
  const others: string[] = [];
  const visit = async (directory: RootDirectory, prefix: string, depth: number): Promise<void> => {
    const newest = new Map<string, RootDirectory['fKeys'][number]>();
    for (const key of directory.fKeys)
      if (!(Number(newest.get(key.fName)?.fCycle) >= key.fCycle)) newest.set(key.fName, key);
    for (const { fName, fClassName, fCycle, fSeekKey } of newest.values()) {
      const path = prefix + fName;
      if (fClassName === 'TTree' || fClassName === 'TNtuple' || fClassName === 'TNtupleD') {
        if (trees.length === MAX_TREES)
          throw new JetError('LIMIT_EXCEEDED', `${file.name}: more than ${MAX_TREES} trees; split the file`, {
            limit: MAX_TREES,
          });
        let table: Promise<ColumnTable> | undefined;
        const read = (): Promise<ColumnTable> => {
          table ??= readTree(path, fSeekKey, () => directory.readObject(fName, fCycle));
          return table;
        };
        trees.push({ path, read });
      } else if (/^TDirectory(File)?$/.test(fClassName) && depth < MAX_DEPTH)
        await visit((await directory.readObject(fName, fCycle)) as RootDirectory, `${path}/`, depth + 1);
      else if (fName !== 'StreamerInfo') others.push(`${path} (${fClassName})`);
    }
  };
  const readTree = async (path: string, position: number, read: () => Promise<unknown>): Promise<ColumnTable> => {
    await checkRecord(file, Number(position), unzip);
    const tree = await decoding(file.name, async () => (await quietly(read)) as RootTree);
    const name = `${file.name}: ${path}`;
    return {
      name,
      rows: Number(tree.fEntries),
      columns: await decoding(file.name, async () => branchColumns(file, name, tree, unzip)),
    };
  };
  await decoding(file.name, async () => {
    const opened = (await quietly(() => jsroot.openFile(new Bytes()))) as RootDirectory & RootClasses;
    checkClasses(file.name, opened);
    await quietly(() => visit(opened, '', 0));
  });
  return { trees, others };
}

/** JSROOT takes the memory that the description of a class asks for before it reads the numbers. */
function checkClasses(name: string, { fStreamerInfos }: RootClasses): void {
  for (const { fName, fElements } of fStreamerInfos?.arr ?? [])
    for (const { fName: member, fArrayLength = 0, fArrayDim = 0 } of fElements?.arr ?? [])
      if (!(fArrayDim >= 0 && fArrayDim <= MAX_DIMENSIONS && fArrayLength >= 0 && fArrayLength <= MAX_ARRAY))
        throw new JetError(
          'BAD_FILE',
          `${name}: class ${fName}: member ${member} is an array of ${fArrayLength} in ${fArrayDim} dimensions; expected at most ${MAX_ARRAY} in ${MAX_DIMENSIONS}; the file is corrupt; copy or make it again`,
          { dimensions: fArrayDim, length: fArrayLength },
        );
}

/** The header tells where the file ends, and where the lists of its contents are. */
function checkHeader(file: BinaryFile): void {
  const header = readExactly(file, 0, Math.min(64, file.size));
  const short = (what: string): JetError =>
    new JetError('BAD_FILE', `${file.name}: ${what}; it is truncated or corrupt; copy or make it again`, {
      bytes: file.size,
    });
  if (header.byteLength < 64) throw short(`a ROOT file of ${file.size} bytes; expected at least 64`);
  const large = header.getUint32(4) >= 1_000_000;
  const end = large ? Number(header.getBigUint64(12)) : header.getUint32(12);
  if (end > file.size) throw short(`${file.size} bytes; expected ${end} by its header`);
  const info = large ? Number(header.getBigUint64(45)) : header.getUint32(37);
  const infoBytes = large ? header.getInt32(53) : header.getInt32(41);
  if (info < 64 || infoBytes <= 0 || info + infoBytes > file.size)
    throw short(
      `no description of its contents at byte ${info} (${infoBytes} bytes); the writer may not have closed it`,
    );
}

/** Leaves that some writers leave out of the description of classes: a `TLeaf` with two more members of these types. */
const LEAVES = {
  TLeafO: 'ntoi1',
  TLeafB: 'ntoi1',
  TLeafS: 'ntoi2',
  TLeafI: 'ntoi4',
  TLeafL: 'ntoi8',
  TLeafF: 'ntof',
  TLeafD: 'ntod',
} as const;

function describeLeaves(jsroot: Jsroot): void {
  for (const [name, read] of Object.entries(LEAVES))
    jsroot.addUserStreamer(name, (buffer, leaf) => {
      buffer.classStreamer(leaf, 'TLeaf');
      leaf['fMinimum'] = buffer[read]();
      leaf['fMaximum'] = buffer[read]();
    });
}

/** What JSROOT says of damage goes to nobody: it is found here, and said in an error. */
async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const { log, warn, error } = console;
  console.log = console.warn = console.error = () => {};
  try {
    return await run();
  } finally {
    Object.assign(console, { log, warn, error });
  }
}

/** Where the description of the classes is. */
function infoPosition(file: BinaryFile): number {
  const header = readExactly(file, 0, 64);
  return header.getUint32(4) >= 1_000_000 ? Number(header.getBigUint64(45)) : header.getUint32(37);
}

/** JSROOT does not look at the check sums of what it decompresses itself. */
async function checkRecord(file: BinaryFile, position: number, unzip: Unzip): Promise<void> {
  const corrupt = (what: string, cause?: unknown): JetError =>
    new JetError(
      'BAD_FILE',
      `${file.name}: record at ${position}: ${what}; the file is corrupt; copy or make it again`,
      { position },
      { cause },
    );
  const head = readExactly(file, position, 18);
  const [bytes, size, keyBytes] = [head.getInt32(0), head.getInt32(6), head.getInt16(14)];
  if (bytes < keyBytes || keyBytes < 18 || size < 0)
    throw corrupt(`${bytes} bytes with a key of ${keyBytes}, ${size} when decompressed`);
  requireMemory('piece', size, `${file.name}: the contents of the record at ${position}`, 'write fewer branches');
  const stored = readExactly(file, position + keyBytes, bytes - keyBytes);
  if (size > stored.byteLength) await unzip(stored, size, corrupt);
}
