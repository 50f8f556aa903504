import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../jets.testing.js';
import { utf8 } from '../challenge.testing.js';
import { type JetList, namedJets, numberedJets } from './jetList.js';
import { readScoreCsv } from './scoreCsv.js';

const jets = namedJets(['jet_7', 'jet_3', 'jet_9']);
const read = (text: string, list: JetList = jets): number[] => [...readScoreCsv('g__n.csv', utf8(text), list)];
const messageOf = (text: string | Uint8Array, list = jets): string => {
  try {
    readScoreCsv('g__n.csv', typeof text === 'string' ? utf8(text) : text, list);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing thrown';
};

describe('readScoreCsv', () => {
  it('puts scores in the order of the jets, whatever the order of the lines', () => {
    expect(read('id,score\njet_3,0.2\njet_9,0.3\njet_7,0.1\n')).toEqual([0.1, 0.2, 0.3]);
  });

  it.each([
    ['an index column', ',id,label\n0,jet_7,0.1\n1,jet_3,0.2\n2,jet_9,0.3\n'],
    ['an index column of pandas, read back', 'Unnamed: 0,id,label\n0,jet_7,0.1\n1,jet_3,0.2\n2,jet_9,0.3\n'],
    ['no header', 'jet_7,0.1\njet_3,0.2\njet_9,0.3'],
    ['the score first', 'prediction,ID\n0.1,jet_7\n0.2,jet_3\n0.3,jet_9\n'],
    ['a header of its own', 'my jets,what the network said\njet_7,0.1\njet_3,0.2\njet_9,0.3\n'],
    ['a header that pandas makes of a series', ',0\njet_7,0.1\njet_3,0.2\njet_9,0.3\n'],
    ['CRLF and blank lines', 'id,score\r\n\r\njet_7,0.1\r\njet_3,0.2\r\njet_9,0.3\r\n\r\n'],
    ['lone CR', 'id,score\rjet_7,0.1\rjet_3,0.2\rjet_9,0.3\r'],
    ['a byte order mark', '\ufeffid,score\njet_7,0.1\njet_3,0.2\njet_9,0.3\n'],
    ['quotes', '"id","score"\n"jet_7","0.1"\n"jet_3","0.2"\n"jet_9",0.3\n'],
    ['blanks', 'id , score\n jet_7 , 0.1\njet_3, 0.2 \njet_9,\t0.3\n'],
    ['other spellings of the numbers', 'id,score\njet_7,1e-1\njet_3,+.2\njet_9,3.E-1\n'],
    ['semicolons and decimal commas', 'id;score\njet_7;0,1\njet_3;0,2\njet_9;3,0e-1\n'],
    ['tabs', 'id\tscore\njet_7\t0.1\njet_3\t0.2\njet_9\t0.3\n'],
  ])('reads %s', (_, text) => {
    expect(read(text)).toEqual([0.1, 0.2, 0.3]);
  });

  it('reads UTF-16 as spreadsheets save it', () => {
    const text = '\ufeffid\tscore\njet_7\t0.1\njet_3\t0.2\njet_9\t0.3\n';
    const bytes = new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer);
    expect([...readScoreCsv('g__n.csv', bytes, jets)]).toEqual([0.1, 0.2, 0.3]);
  });

  it('takes the row number for the id where the jets have no names', () => {
    const list = numberedJets(3);
    expect(read('id,score\n2,0.3\n0,0.1\n1,0.2\n', list)).toEqual([0.1, 0.2, 0.3]);
    expect(read(',score\n0,1\n1,0\n2,1\n', list)).toEqual([1, 0, 1]);
    expect(read('index,0\n0,1\n1,0\n2,1\n', list)).toEqual([1, 0, 1]);
  });

  it('counts and names what is missing, unknown and given twice, in one message', () => {
    const text = 'id,score\njet_7,0.1\njet_7,0.1\njet_8,0.4\njet_1,0.4\n';
    expect(codeOf(() => read(text))).toBe('BAD_FILE');
    expect(messageOf(text)).toBe(
      'g__n.csv: 1 of 3 jets scored; 2 missing: "jet_3", "jet_9"; 2 unknown: "jet_8", "jet_1"; 1 given again: "jet_7"; expected every id of the challenge once',
    );
  });

  it.each(['nan', 'NaN', '', 'inf', '-Infinity', '1e999', 'None', '#N/A'])(
    'refuses the score "%s" as not finite',
    (cell) => {
      const text = `id,score\njet_7,0.1\njet_3,${cell}\njet_9,0.3\n`;
      expect(codeOf(() => read(text))).toBe('NOT_FINITE');
      expect(messageOf(text)).toContain('1 of 3 scores are NaN, infinite or empty, e.g. of "jet_3"');
    },
  );

  it.each([
    ['a score that is a word', 'id,score\njet_7,high\njet_3,0.2\njet_9,0.3\n'],
    ['a score in brackets', 'id,score\njet_7,[0.1]\njet_3,[0.2]\njet_9,[0.3]\n'],
    ['a decimal comma between commas', 'id,score\njet_7,0,1\njet_3,0,2\njet_9,0,3\n'],
    ['two columns that may be the score', 'id,label,score\njet_7,1,0.1\njet_3,1,0.2\njet_9,1,0.3\n'],
    ['no ids', 'score\n0.1\n0.2\n0.3\n'],
    ['a header alone', 'id,score\n'],
    ['nothing', '\n\n'],
    ['a quote that never closes', 'id,score\njet_7,"0.1\n'],
    ['binary data', 'id,score\0'],
  ])('refuses %s', (_, text) => {
    expect(codeOf(() => read(text))).toBe('BAD_FILE');
  });

  it('refuses bytes that are no text', () => {
    expect(messageOf(Uint8Array.of(0x69, 0xff, 0x80))).toContain('neither .npy, .npz nor utf-8 text');
  });

  it('shows words of strangers short and without control characters', () => {
    const message = messageOf(`id,score\n${'x'.repeat(1000)}\u001b[31m,0.1\n`);
    expect(message).not.toContain('\u001b');
    expect(message.length).toBeLessThan(400);
  });

  it('reads back what any order, separator and line ending wrote', () => {
    const id = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 _"',;.-]{0,8}[A-Za-z0-9]$/);
    const scores = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { minLength: 12, maxLength: 12 }),
        scores,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.infiniteStream(fc.nat()),
        (names, values, separator, end, keys) => {
          const ids = names.slice(0, values.length);
          const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const lines = ids
            .map((name, i) => ({ line: `${quote(name)}${separator}${values[i]}`, key: keys.next().value }))
            .sort((a, b) => a.key - b.key)
            .map(({ line }) => line);
          const text = [`id${separator}score`, ...lines].join(end);
          expect(read(text, namedJets(ids))).toEqual(values.map((value) => value + 0));
        },
      ),
    );
  });
});
