import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNpy, writeNpy } from '@jetsdk/jets/npy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseIds } from '../entry/jetIds.js';
import { namedJets } from '../entry/jetList.js';
import { checkSubmission } from '../entry/submission.js';
import { rankFolder } from './rankFolder.js';

const data = fileURLToPath(new URL('../../../../../../shared/data/', import.meta.url));
const course = join(data, 'codas-2025');
const landscape = join(data, 'toptag-landscape');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jetsdk-real-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!existsSync(course))(
  'the four submissions of the course challenge (skipped without ../shared/data)',
  () => {
    it('are read, scored, ranked and flagged for what they are', async () => {
      const idsFile = join(course, 'test', 'ids.npy');
      const ids = parseIds(idsFile, readFileSync(idsFile));
      // jet_N counts the 3305 QCD jets of the dataset first
      const labels = Uint8Array.from(ids, (id) => (Number(id.slice(4)) >= 3305 ? 1 : 0));
      const labelsFile = join(folder, 'labels.npy');
      writeFileSync(labelsFile, writeNpy({ dtype: 'uint8', shape: [labels.length], data: labels }));
      const submissions = join(course, 'submissions');
      for (const file of readdirSync(submissions))
        expect(checkSubmission(file, readFileSync(join(submissions, file)), namedJets(ids)).scores).toHaveLength(1005);
      const { leaderboard, rejected } = await rankFolder(submissions, { labels: labelsFile, ids: idsFile });
      expect(rejected).toEqual([]);
      expect(leaderboard.map(({ file, flags }) => [file, flags.map(({ code }) => code)])).toEqual([
        ['cnn.csv', []],
        ['cut_pt.csv', ['out-of-range']],
        ['cnn_nn_opt_valid_0.csv', ['few-distinct-values']],
        ['bdt.csv', ['flipped']],
      ]);
      // scikit-learn's roc_auc_score on the same files
      const peer = [0.9579373211320354, 0.731410981168074, 0.5030120481927711, 0.06049270395364449];
      for (const [i, { auc }] of leaderboard.entries()) expect(auc).toBeCloseTo(peer[i], 12);
      expect(leaderboard[2].flags[0].evidence).toContain('3 distinct scores for 1005 jets');
      expect(leaderboard[3].flags[0].evidence).toContain('0.9395073');
    });
  },
);

describe.skipIf(!existsSync(landscape))(
  'three files of the top-tagging landscape (skipped without ../shared/data)',
  () => {
    const options = { replicas: 50 };
    const rankThem = (where: string) => rankFolder(where, { labels: join(landscape, 'labels.npy') }, options);

    it('are ranked with the published figures, each separated from the next', async () => {
      const { leaderboard, rejected } = await rankThem(landscape);
      expect(rejected).toEqual([]);
      expect(leaderboard.map(({ file, tieGroup95, flags }) => [file, tieGroup95, flags])).toEqual([
        ['ParticleNet_v2.npy', 1, []],
        ['PFN_v0.npy', 2, []],
        ['topodnn_v2.npy', 3, []],
      ]);
      const figures = leaderboard.map(({ auc, rejection }) => [auc, rejection[0].rejection]);
      [
        [0.9847724638853331, 1294.3205128205127],
        [0.9820817762591124, 889.489],
        [0.9714127204825135, 289.6901],
      ].forEach(([auc, rejection], i) => {
        expect(figures[i][0]).toBeCloseTo(auc, 12);
        expect(figures[i][1]).toBeCloseTo(rejection, 3);
      });
    });

    it('are flagged when they are turned, moved, rounded, logits or copied', async () => {
      const scores = readNpy(readFileSync(join(landscape, 'ParticleNet_v2.npy'))).data as Float32Array;
      const write = (name: string, data: Float32Array): void =>
        writeFileSync(join(folder, name), writeNpy({ dtype: 'float32', shape: [data.length], data }));
      copyFileSync(join(landscape, 'PFN_v0.npy'), join(folder, 'good__PFN.npy'));
      write(
        'turned__x.npy',
        scores.map((s) => 1 - s),
      );
      write('backward__x.npy', scores.slice().reverse());
      write(
        'moved__x.npy',
        scores.map((_, i) => scores[(i + 12345) % scores.length]),
      );
      write(
        'short__x.npy',
        scores.map((s) => Math.round(s * 100) / 100),
      );
      write(
        'open__x.npy',
        scores.map((s) => Math.log((s + 1e-7) / (1 - s + 1e-7))),
      );
      write('copy__x.npy', scores);
      const { leaderboard } = await rankFolder(folder, { labels: join(landscape, 'labels.npy') }, options);
      const codes = Object.fromEntries(leaderboard.map(({ file, flags }) => [file, flags.map(({ code }) => code)]));
      expect(codes).toMatchObject({
        'good__PFN.npy': [],
        'turned__x.npy': ['flipped', 'duplicate'],
        'backward__x.npy': ['reversed'],
        'moved__x.npy': ['shifted'],
        'short__x.npy': ['rounded'],
        'open__x.npy': ['out-of-range', 'logits', 'duplicate'],
        'copy__x.npy': ['duplicate'],
      });
      const flags = Object.fromEntries(leaderboard.map((row) => [row.file, row.flags[0]?.evidence]));
      expect(flags['moved__x.npy']).toContain('moved 12345 rows down');
      // at two decimals 1/ε_B is 457 or 1771, as one takes the cut below or above
      expect(flags['short__x.npy']).toContain('anything from 456.819 to 1771.175');
    });
  },
);
