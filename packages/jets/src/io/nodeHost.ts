/// <reference path="./root/jsroot.d.ts" />
/** @file Reading files in Node: the file system, its zlib, packages from where they are installed. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JetError } from '../errors.js';
import { wholeBlob } from './bytes/fetchBlob.js';
import { inflate } from './bytes/inflate.js';
import { memoryFile } from './bytes/memoryFile.js';
import { openNodeFile } from './bytes/nodeFile.js';
import { nodeRanges } from './bytes/nodeRanges.js';
import { askForRanges, rangeFile } from './bytes/rangeFile.js';
import { unbrotli } from './bytes/unbrotli.js';
import { type Host, inputName } from './host.js';

export const host: Host = {
  inflate,
  unbrotli,
  async openFile(input) {
    if (input instanceof Blob) return memoryFile(new Uint8Array(await input.arrayBuffer()), inputName(input));
    if (input instanceof URL && input.protocol === 'file:') return openNodeFile(fileURLToPath(input));
    if (typeof input === 'string' && !/^https?:\/\//i.test(input)) return openNodeFile(input);
    const found = await askForRanges(input);
    if (found instanceof Response)
      return memoryFile(new Uint8Array(await (await wholeBlob(found, input)).arrayBuffer()), String(input));
    const { fetchRange, close } = nodeRanges();
    return rangeFile(found, fetchRange, close);
  },
  loadPlugin(fileName) {
    const index = createRequire(import.meta.url).resolve('h5wasm-plugins');
    return readFile(join(index, '..', 'plugins', fileName));
  },
  async jsroot() {
    try {
      return await import('jsroot/io');
    } catch (cause) {
      throw new JetError(
        'DEVICE_UNAVAILABLE',
        'ROOT files are read with the package jsroot, which cannot be loaded; run npm install jsroot',
        { package: 'jsroot' },
        { cause },
      );
    }
  },
};
