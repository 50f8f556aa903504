/// <reference path="./jsroot.d.ts" />
/** @file What reading ROOT files needs of Node: an optional package, and its zlib. */
import { inflateSync } from 'node:zlib';
import { JetError } from '../../errors.js';
import type { RootHost } from './rootFile.js';

export const NODE_ROOT: RootHost = {
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
  inflate: (bytes, size) => inflateSync(bytes, { chunkSize: Math.max(64, size), maxOutputLength: Math.max(1, size) }),
};
