import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.js';

const folder = new URL('../../../../shared/data/toptag-landscape/', import.meta.url);
const here = existsSync(folder);

/** The bytes after the header of a version 1 .npy file. */
function body(name: string): ArrayBuffer {
  const file = readFileSync(new URL(name, folder));
  const start = 10 + file.readUInt16LE(8);
  return file.buffer.slice(file.byteOffset + start, file.byteOffset + file.length) as ArrayBuffer;
}

/** AUC, 1/ε_B at 0.3 and at 0.5, accuracy, as printed in the README beside the data. */
const KNOWN = [
  ['ParticleNet_v2', 0.9847724638853331, '1294.3205128205127', '329.387', '0.938391'],
  ['PFN_v0', 0.9820817762591124, '889.4890', '256.562', '0.932092'],
  ['topodnn_v2', 0.9714127204825135, '289.6901', '95.513', '0.915720'],
] as const;

const decimals = (printed: string): number => printed.split('.')[1].length;

describe.skipIf(!here)(
  `the published top-tagging comparison${here ? '' : ' (skipped: ../shared/data/toptag-landscape is not here)'}`,
  () => {
    it.each(KNOWN)('%s has its known AUC, rejections and accuracy', (name, auc, at30, at50, accuracy) => {
      const result = evaluate(new Uint8Array(body('labels.npy')), new Float32Array(body(`${name}.npy`)), { name });
      expect(Math.abs(result.auc - auc)).toBeLessThan(1e-12);
      expect(result.rejection[0].rejection.toFixed(decimals(at30))).toBe(at30);
      expect(result.rejection[1].rejection.toFixed(decimals(at50))).toBe(at50);
      expect(result.accuracy.toFixed(decimals(accuracy))).toBe(accuracy);
      if (name === 'ParticleNet_v2') expect(result.rejection[0].falsePositives).toBe(156);
    });
  },
);
