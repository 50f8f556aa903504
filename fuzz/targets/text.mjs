import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJetError } from '@jetsdk/jets';
import { describeFile, openJets, readLabels, readScores } from '@jetsdk/jets/files';
import { readAllJets } from '../files.mjs';
import { mutateText } from '../mutate.mjs';

const here = mkdtempSync(join(tmpdir(), 'jetsdk-fuzz-'));
process.on('exit', () => rmSync(here, { recursive: true, force: true }));

const rows = (line) => Array.from({ length: 40 }, (_, i) => line(i)).join('\n');
const constituent = (i) => `${100 + i},${i % 9},${(i * 7) % 11},${(i * 3) % 5}`;

/** What is asked of tables of text; a case is read if one of these answers. */
const questions = [readScores, readLabels, describeFile, (path) => readAllJets(openJets, path)];

export default {
  seeds: () => [
    `${rows((i) => i / 41)}\n`,
    `id,score,label\n${rows((i) => `jet_${i},${((i * 17) % 43) / 43},${i % 2}`)}\r\n`,
    `# made by hand\nscore\tis_signal\n${rows((i) => `${i / 40}\t${i % 3 === 0 ? 'top' : 'QCD'}`)}`,
    `e0,px0,py0,pz0,e1,px1,py1,pz1,label\n${rows((i) => `${constituent(i)},${constituent(i + 1)},${i % 2}`)}\n`,
    `"score","label"\n${rows((i) => `"0.${i + 10}";"${i % 2}"`)}\n`,
  ],
  mutate: mutateText,
  async read(text) {
    const path = join(here, ['case.csv', 'case.tsv', 'case.txt'][text.length % 3]);
    writeFileSync(path, text);
    let refusal;
    let read = 0;
    for (const ask of questions) {
      try {
        await ask(path);
        read++;
      } catch (error) {
        if (!isJetError(error)) throw error;
        refusal = error;
      }
    }
    if (read === 0) throw refusal;
  },
};
