/** Text as a source of scores, labels and jets, beside what the other formats give. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Jets } from '../../jets.js';
import { describeFile, openJets, readLabels, readPerJet, readScores, readScoreTable } from '../files.js';
import { writeNpy } from '../npy/index.js';

async function textFile(name: string, content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'jetsdk-csv-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('scores', () => {
  it.each([
    ['one a line', 'a.txt', '0.25\n0.5\n1e-3\n'],
    ['as numpy.savetxt writes them', 'a.txt', '# scores\n2.5e-01\n5.0e-01\n1.0e-03\n'],
    ['with a name', 'a.csv', 'score\r\n0.25\r\n0.5\r\n.001\r\n'],
    ['beside ids', 'a.csv', 'id,score\njet_0,0.25\njet_1,0.5\njet_2,0.001\n'],
    ['with semicolons', 'a.csv', 'id;scores\n0;0.25\n1;0.5\n2;0.001\n'],
  ])('%s are read', async (_, name, text) => {
    expect([...(await readScores(await textFile(name, text)))]).toEqual([0.25, 0.5, 0.001]);
  });

  it('of a column that is asked for', async () => {
    const path = await textFile('a.csv', 'cnn,dense\n0.25,1\n0.5,0\n');
    expect((await readScoreTable(path, { column: 'dense' })).data).toEqual(Float64Array.of(1, 0));
    await expect(readScores(path)).rejects.toThrow(/cnn, dense/);
  });

  it.each([
    ['lines of other lengths', '1,2\n3\n', /line 2 has 1 field; expected 2/],
    ['text', 'score\n0.5\nhigh\n', /column "score" is text; expected one number per row/],
    ['what is not finite', '0.5\nnan\n', /score 1 is NaN/],
    ['nothing where a number has to be', 'id,score\n0,0.5\n1,\n', /score 1 is NaN/],
    ['two columns of a name', 'a,a\n1,2\n', /two columns are called "a"/],
  ])('with %s are refused', async (_, text, message) => {
    await expect(readScores(await textFile('a.csv', text))).rejects.toThrow(message);
  });

  it('in text that is not UTF-8 are refused', async () => {
    await expect(readScores(await textFile('a.txt', Uint8Array.of(0x30, 0x0a, 0xff)))).rejects.toThrow(/not UTF-8/);
  });
});

describe('labels', () => {
  it('are 0 and 1', async () => {
    expect(await readLabels(await textFile('a.csv', 'label\n0\n1\n1\n'))).toEqual(Uint8Array.of(0, 1, 1));
  });

  it('of −1 and 1 ask which is signal', async () => {
    const path = await textFile('a.txt', '-1\n1\n-1\n');
    await expect(readLabels(path)).rejects.toThrow(/label 0 is -1; expected 0 .* option signal/);
    expect(await readLabels(path, { signal: 1 })).toEqual(Uint8Array.of(0, 1, 0));
    expect(await readLabels(path, { signal: '-1' })).toEqual(Uint8Array.of(1, 0, 1));
    await expect(readLabels(path, { signal: 'top' })).rejects.toThrow(/no label is "top"; expected one of -1, 1/);
  });

  it('are names of classes', async () => {
    const path = await textFile('a.csv', 'id,label\na,QCD\nb,top\nc,W\n');
    expect(await readLabels(path, { signal: 'top' })).toEqual(Uint8Array.of(0, 1, 0));
    await expect(readLabels(path, { signal: 'Top' })).rejects.toThrow(/no label is "Top"; expected one of QCD, top, W/);
  });

  it('are one-hot, of the column that is signal', async () => {
    const oneHot = writeNpy({ dtype: 'float32', data: Float32Array.of(1, 0, 0, 0, 0, 1), shape: [2, 3] });
    const path = await textFile('a.npy', oneHot);
    expect(await readLabels(path, { signal: 2 })).toEqual(Uint8Array.of(0, 1));
    await expect(readLabels(path, { signal: 3 })).rejects.toThrow(/expected the column of the signal, 0 to 2/);
    const soft = await textFile(
      'b.npy',
      writeNpy({ dtype: 'float32', data: Float32Array.of(0.5, 0.5), shape: [1, 2] }),
    );
    await expect(readLabels(soft, { signal: 1 })).rejects.toThrow(/label 0 is \(0.5, 0.5\); expected one 1/);
  });
});

describe('jets', () => {
  const HEAD = 'e_0,px_0,py_0,pz_0,e_1,px_1,py_1,pz_1,is_signal_new';

  it.each([HEAD, HEAD.toUpperCase(), 'E_0,PX_0,PY_0,PZ_0,E_1,PX_1,PY_1,PZ_1,label'])('of columns %s', async (head) => {
    const path = await textFile('jets.csv', `${head}\n100,60,0,80,0,0,0,0,1\n50,30,0,40,5,0,3,4,0\n`);
    const source = await openJets(path);
    const { shape, data } = (await source.read(0, 2)) as Jets;
    expect(shape).toEqual([2, 200, 4]);
    expect([...data.subarray(0, 4)]).toEqual([100, 60, 0, 80]);
    expect([...data.subarray(800, 808)]).toEqual([50, 30, 0, 40, 5, 0, 3, 4]);
    expect([...((await source.labels()) ?? [])]).toEqual([1, 0]);
    source.close();
    expect(await describeFile(path)).toMatchObject({ format: 'csv', jets: { count: 2, labels: { 0: 1, 1: 1 } } });
  });

  it('with nothing in the place of a constituent are read with the padding nan, as pandas writes it, and refused without', async () => {
    const path = await textFile('jets.csv', `${HEAD}\n100,60,0,80,,,,,1\n50,30,0,40,5,0,3,4,0\n`);
    const plain = await openJets(path);
    await expect(plain.read(0, 2)).rejects.toThrow(/jet 0 holds NaN.*padding/);
    plain.close();
    const padded = await openJets(path, { padding: 'nan' });
    const { data } = (await padded.read(0, 2)) as Jets;
    expect([...data.subarray(0, 8)]).toEqual([100, 60, 0, 80, 0, 0, 0, 0]);
    expect([...data.subarray(800, 808)]).toEqual([50, 30, 0, 40, 5, 0, 3, 4]);
    padded.close();
  });

  it.each([
    [
      'text in one of them',
      'e_0,e_1,e_2,px_0,px_1,px_2,py_0,py_1,py_2,pz_0,pz_1,pz_2',
      /column e_2 is text; expected numbers/,
    ],
    [
      'one of them missing',
      'e_0,e_1,e_3,px_0,px_1,px_3,py_0,py_1,py_3,pz_0,pz_1,pz_3',
      /column e_2 is missing; expected numbers/,
    ],
  ])('of numbered columns with %s are refused, and not cut short there', async (_, head, message) => {
    const path = await textFile(
      'jets.csv',
      `${head}\n50,50,?,30,30,?,0,0,?,40,40,?\n`.replaceAll('?', head.includes('_2') ? 'none' : '0'),
    );
    const source = await openJets(path);
    await expect(source.read(0, 1)).rejects.toThrow(message);
    source.close();
  });
});

describe('one number of each jet', () => {
  it('is the column of the usual name, the one that is asked for, or the only array', async () => {
    const table = await textFile('a.csv', 'weight,label,weights\n1,0,2\n3,1,4\n');
    expect(await readPerJet(table, 'weights')).toEqual(Float64Array.of(2, 4));
    expect(await readPerJet(table, 'weights', { column: 'weight' })).toEqual(Float64Array.of(1, 3));
    await expect(readPerJet(table, 'jet_mass')).rejects.toThrow(
      /no column "jet_mass".*name one with the option column/,
    );
    const array = await textFile('b.npy', writeNpy({ dtype: 'int64', data: BigInt64Array.of(5n, 6n), shape: [2] }));
    expect(await readPerJet(array, 'weights')).toEqual(Float64Array.of(5, 6));
  });
});
