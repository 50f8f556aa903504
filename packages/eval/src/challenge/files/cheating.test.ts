// child processes run from dist, so this file imports the built package
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSubmission, type LeaderboardRow } from '@jetsdk/eval/challenge';
import { initChallenge, openChallenge, openSecret, rankFolder, receiptKey, submit } from '@jetsdk/eval/challenge/files';
import { isJetError, jetImages, memorySource } from '@jetsdk/jets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { npy, toyLabels, toyScores } from '../challenge.testing.js';

const labels = toyLabels(300);
const images = jetImages(
  Float32Array.from({ length: 1200 }, (_, i) => i),
  [2, 2, 1],
);
const source = memorySource(images, { labels, name: 'toy' });
let folder: string;
/** labels in the order of the challenge */
let truth: Uint8Array;

const at = (...parts: string[]): string => join(folder, ...parts);
const sent = (...parts: string[]): string => at('c', 'submissions', ...parts);

async function make(options: Parameters<typeof initChallenge>[2] = {}): Promise<void> {
  await initChallenge(at('c'), source, { publicFraction: 0, ...options });
  truth = openSecret(at('c'), openChallenge(at('c'))).labels;
}

/** As `jetsdk challenge submit` does it. */
async function send(name: string, scores: Float32Array, now = new Date(1e12)): Promise<void> {
  const open = openChallenge(at('c'));
  writeFileSync(at(name), npy(scores));
  const key = receiptKey(at('c'), open);
  await submit(at(name), sent(), open.jets, open.manifest.rules, { now, ...(key !== undefined && { key }) });
}

const ranked = async (rules = {}): Promise<Awaited<ReturnType<typeof rankFolder>>> =>
  rankFolder(sent(), { challenge: at('c') }, { replicas: 20, rules });

const flagsOf = (rows: readonly LeaderboardRow[]): Record<string, string[]> =>
  Object.fromEntries(rows.map(({ file, flags }) => [file, flags.map(({ code }) => code)]));

const messageOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
  } catch (error) {
    return isJetError(error) ? `${error.code} ${error.message}` : String(error);
  }
  return 'nothing thrown';
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jetsdk-cheating-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a ranking', () => {
  it('puts files without a receipt, and files changed since, behind all others, whatever their time and score', async () => {
    await make();
    await send('honest__x.npy', toyScores(truth, 0.5, 1));
    await send('changed__x.npy', toyScores(truth, 0.4, 2));
    await send('leader__x.npy', toyScores(truth, 1.5, 3));
    copyFileSync(sent('leader__x.npy'), sent('copy__x.npy'));
    utimesSync(sent('copy__x.npy'), 9, 9);
    writeFileSync(sent('changed__x.npy'), npy(toyScores(truth, 3, 4)));
    const { leaderboard } = await ranked();
    expect(leaderboard.map(({ file }) => file)).toEqual([
      'leader__x.npy',
      'honest__x.npy',
      'changed__x.npy',
      'copy__x.npy',
    ]);
    expect(flagsOf(leaderboard)).toMatchObject({
      'leader__x.npy': [],
      'honest__x.npy': [],
      'changed__x.npy': ['changed-after-receipt'],
      'copy__x.npy': ['no-receipt', 'duplicate'],
    });
    expect(leaderboard.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
    for (const row of leaderboard.slice(2)) expect(row.firstProbability).toBe(0);
  });

  it('leaves the first of two copies its place and its honour, and puts the other behind it, improved or not', async () => {
    await make();
    const scores = toyScores(truth, 1.5, 3);
    await send('zed__x.npy', scores, new Date(1e12));
    // a signal jet and the background jet just above it change places: the copy is better by a hair
    const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
    const at = order.findIndex((jet, i) => truth[jet] === 0 && truth[order[i + 1]] === 1);
    const better = scores.slice();
    [better[order[at]], better[order[at + 1]]] = [scores[order[at + 1]], scores[order[at]]];
    await send('thief__better.npy', better, new Date(1e12 + 2));
    await send('thief__same.npy', scores, new Date(1e12 + 1));
    await send('weak__x.npy', toyScores(truth, 0.5, 1), new Date(1e12 + 3));
    const { leaderboard } = await ranked();
    expect(leaderboard.map(({ file }) => file)).toEqual([
      'zed__x.npy',
      'thief__same.npy',
      'thief__better.npy',
      'weak__x.npy',
    ]);
    expect(leaderboard[2].auc).toBeGreaterThan(leaderboard[0].auc);
    expect(flagsOf(leaderboard)).toMatchObject({
      'zed__x.npy': [],
      'thief__same.npy': ['duplicate'],
      'thief__better.npy': ['duplicate'],
    });
    expect(leaderboard.map(({ firstProbability }) => firstProbability)).toEqual([1, 0, 0, 0]);
  });

  it('takes no receipt that the organiser did not seal: one written by hand, one of another time, one of another file', async () => {
    await make();
    await send('a__x.npy', toyScores(truth, 0.5, 1));
    await send('b__x.npy', toyScores(truth, 0.6, 2));
    await send('c__x.npy', toyScores(truth, 0.7, 3));
    const receipt = (file: string): string => sent(`${file}.receipt.json`);
    const read = JSON.parse(readFileSync(receipt('a__x.npy'), 'utf8'));
    expect(read.seal).toMatch(/^[0-9a-f]{64}$/);
    writeFileSync(receipt('a__x.npy'), JSON.stringify({ ...read, submitted: '2001-01-01T00:00:00.000Z' }));
    const { seal: _, ...unsealed } = JSON.parse(readFileSync(receipt('b__x.npy'), 'utf8'));
    writeFileSync(receipt('b__x.npy'), JSON.stringify(unsealed));
    copyFileSync(receipt('a__x.npy'), receipt('c__x.npy'));
    for (const codes of Object.values(flagsOf((await ranked()).leaderboard))) expect(codes).toEqual(['no-receipt']);
  });

  it('counts the earliest proven entries towards the limit, so that old files push nobody out', async () => {
    await make({ rules: { limitPerGroup: 1 } });
    await send('a__real.npy', toyScores(truth, 0.5, 1));
    writeFileSync(sent('a__old.npy'), npy(toyScores(truth, 2, 2)));
    utimesSync(sent('a__old.npy'), 9, 9);
    const { leaderboard, rejected } = await ranked();
    expect(leaderboard.map(({ file }) => file)).toEqual(['a__real.npy']);
    expect(rejected.map(({ file }) => file)).toEqual(['a__old.npy']);
  });

  it('rejects links and loops, one entry each, and files of the challenge itself', async () => {
    await make();
    await send('a__x.npy', toyScores(truth, 0.5, 1));
    symlinkSync('../secret/labels.npy', sent('evil__labels.npy'));
    symlinkSync('evil__loop.npy', sent('evil__loop.npy'));
    linkSync(at('c', 'secret', 'labels.npy'), sent('evil__hard.npy'));
    mkdirSync(sent('evil__folder.npy'));
    copyFileSync(at('c', 'secret', 'labels.npy'), sent('evil__copy.npy'));
    const { leaderboard, rejected } = await ranked();
    expect(leaderboard.map(({ file }) => file)).toEqual(['a__x.npy']);
    expect(rejected.map(({ file }) => file)).toEqual([
      'evil__copy.npy',
      'evil__folder.npy',
      'evil__hard.npy',
      'evil__labels.npy',
      'evil__loop.npy',
    ]);
  });

  it('takes groups that differ in case, spaces or unseen characters for one, and flags names that look alike', async () => {
    await make({ rules: { limitPerGroup: 1 } });
    await send('Team A__x.npy', toyScores(truth, 0.5, 1));
    for (const name of ['team a__y.npy', 'TeamA__y.npy', 'Te\u200bam\u00a0A__y.npy', '\uff34eam A__y.npy'])
      expect(await messageOf(() => send(name, toyScores(truth, 0.5, 2)))).toMatch(/^BAD_ARGUMENT .*fewer than 1/);
    await send('Stra\u00dfe \u00e9__x.npy', toyScores(truth, 0.5, 5));
    for (const name of ['STRASSE \u00c9__y.npy', 'Stra\u00dfe\u2800\u00e9__y.npy', 'Stra\u00dfe e\u034f\u0301__y.npy'])
      expect(await messageOf(() => send(name, toyScores(truth, 0.5, 6)))).toMatch(/^BAD_ARGUMENT .*fewer than 1/);
    await send('T\u0435am A__y.npy', toyScores(truth, 0.6, 3));
    const alike = [
      'modern',
      'rnodern',
      'al\u1d18ha',
      'alpha',
      'VVave',
      'wave',
      'lead',
      'lead\u02bc',
      'jets',
      'jets\u00b7',
    ];
    for (const [i, name] of alike.entries()) await send(`${name}__z.npy`, toyScores(truth, 0.5, 10 + i));
    await send('other__y.npy', toyScores(truth, 0.7, 4));
    const flags = flagsOf((await ranked()).leaderboard);
    expect(flags['Team A__x.npy']).toEqual(['look-alike-name']);
    expect(flags['T\u0435am A__y.npy']).toEqual(['look-alike-name']);
    expect(flags['other__y.npy']).toEqual([]);
    for (const name of alike) expect(flags[`${name}__z.npy`], name).toEqual(['look-alike-name']);
  });

  it('notices changed jets and changed rules', async () => {
    await make();
    await send('a__x.npy', toyScores(truth, 0.5, 1));
    const change = async (file: string, edit: (bytes: Buffer) => Buffer | string): Promise<string> => {
      const bytes = readFileSync(at('c', 'public', file));
      writeFileSync(at('c', 'public', file), edit(Buffer.from(bytes)));
      const message = await messageOf(ranked);
      writeFileSync(at('c', 'public', file), bytes);
      return message;
    };
    expect(
      await change('jets.h5', (bytes) => {
        bytes[bytes.length - 1] ^= 1;
        return bytes;
      }),
    ).toMatch(/^BAD_FILE .*jets\.h5: .*changed since/);
    expect(
      await change('challenge.json', (bytes) => bytes.toString().replace('"limitPerGroup": 5', '"limitPerGroup": 9')),
    ).toMatch(/^BAD_FILE .*not what was announced/);
    expect(await messageOf(ranked)).toBe('nothing thrown');
  });

  it('knows title, time, late entries, and the best of each group', async () => {
    await make({ title: 'Top tagging 2027', rules: { deadline: '2001-09-09', perDay: 2 } });
    await send('a__early.npy', toyScores(truth, 0.5, 1), new Date('2001-09-08T12:00:00Z'));
    await send('a__late.npy', toyScores(truth, 1.5, 2), new Date('2001-09-10T00:00:00Z'));
    await send('b__x.npy', toyScores(truth, 0.2, 3), new Date('2001-09-09T23:00:00Z'));
    const { title, board, leaderboard } = await ranked();
    expect([title, board]).toEqual(['Top tagging 2027', 'all']);
    expect(leaderboard.map(({ file, late, bestOfGroup, submitted }) => [file, late, bestOfGroup, submitted])).toEqual([
      ['a__late.npy', true, true, '2001-09-10T00:00:00.000Z'],
      ['a__early.npy', false, false, '2001-09-08T12:00:00.000Z'],
      ['b__x.npy', false, true, '2001-09-09T23:00:00.000Z'],
    ]);
    expect(leaderboard[0].flags.map(({ code }) => code)).toEqual(['late']);
  });
});

describe('a submission', () => {
  it('is a file: links, loops, folders and devices are refused', async () => {
    await make();
    const open = openChallenge(at('c'));
    const sending = (name: string): Promise<string> =>
      messageOf(() => submit(at(name), sent(), open.jets, open.manifest.rules));
    symlinkSync(at('c', 'secret', 'labels.npy'), at('a__link.npy'));
    symlinkSync('a__loop.npy', at('a__loop.npy'));
    mkdirSync(at('a__folder.npy'));
    for (const name of ['a__link.npy', 'a__loop.npy', 'a__folder.npy'])
      expect(await sending(name)).toBe(
        `BAD_FILE ${name}: a link, a folder or a device; expected a regular file; send the scores`,
      );
    expect(await sending(join('a__loop.npy', 'a__x.npy'))).toMatch(/^BAD_FILE a__x.npy: cannot be read \(ELOOP/);
    expect(await sending('a__none.npy')).toMatch(/^FILE_NOT_FOUND/);
    expect(existsSync(sent('a__link.npy'))).toBe(false);
  });

  it('is refused before the opening and beyond the limit of a day', async () => {
    await make({ rules: { opens: '2001-01-01', perDay: 1 } });
    const scores = toyScores(truth, 0.5, 1);
    expect(await messageOf(() => send('a__x.npy', scores, new Date('2000-12-31T23:00:00Z')))).toMatch(/opens 2001/);
    await send('a__x.npy', scores, new Date('2001-02-01T01:00:00Z'));
    expect(await messageOf(() => send('a__y.npy', scores, new Date('2001-02-01T23:00:00Z')))).toMatch(/1 per day/);
    await send('a__y.npy', scores, new Date('2001-02-02T00:00:00Z'));
  });

  it('that was killed between file and receipt is finished by sending it again, with other scores it is refused', async () => {
    await make();
    const scores = toyScores(truth, 0.5, 1);
    writeFileSync(sent('a__x.npy'), npy(scores));
    await send('a__x.npy', scores);
    expect(readdirSync(sent())).toEqual(['a__x.npy', 'a__x.npy.receipt.json']);
    const receipt = readFileSync(sent('a__x.npy.receipt.json'), 'utf8');
    await send('a__x.npy', scores, new Date(2e12));
    expect(readFileSync(sent('a__x.npy.receipt.json'), 'utf8')).toBe(receipt);
    writeFileSync(sent('b__x.npy'), npy(toyScores(truth, 0.5, 2)));
    expect(await messageOf(() => send('b__x.npy', scores))).toMatch(/submitted already/);
  });

  it('goes on after a process that died with the folder locked', async () => {
    await make();
    const child = spawn(process.execPath, ['-e', '']);
    const { pid } = child;
    await new Promise((resolve) => child.once('exit', resolve));
    const { hostname } = await import('node:os');
    writeFileSync(sent('.lock'), `${hostname()} ${pid} abc`);
    await send('a__x.npy', toyScores(truth, 0.5, 1));
    expect(readdirSync(sent())).toEqual(['a__x.npy', 'a__x.npy.receipt.json']);
  });

  it('counts in a race: of eight processes at once no more get in than the limit says', async () => {
    await make({ rules: { limitPerGroup: 3 } });
    const code = `
      import { openChallenge, receiptKey, submit } from '@jetsdk/eval/challenge/files';
      const [challenge, file] = process.argv.slice(1);
      const open = openChallenge(challenge);
      await submit(file, challenge + '/submissions', open.jets, open.manifest.rules, { key: receiptKey(challenge, open) });`;
    const codes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => {
        writeFileSync(at(`g__n${i}.npy`), npy(toyScores(truth, 0.5, i)));
        const child = spawn(process.execPath, ['--input-type=module', '-e', code, at('c'), at(`g__n${i}.npy`)], {
          cwd: import.meta.dirname,
        });
        return new Promise((resolve) => child.once('exit', resolve));
      }),
    );
    expect(codes.filter((exit) => exit === 0)).toHaveLength(3);
    expect(readdirSync(sent()).filter((file) => file.endsWith('.npy'))).toHaveLength(3);
    for (const codes of Object.values(flagsOf((await ranked()).leaderboard))) expect(codes).not.toContain('no-receipt');
  });
});

describe('initChallenge', () => {
  it('removes what a killed one left behind, labels and all, and nothing of one that runs', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('exit', resolve));
    const dead = `.c.${child.pid}.0123456789ab.part`;
    const living = `.c.${process.ppid}.0123456789ab.part`;
    for (const left of [dead, living]) {
      mkdirSync(at(left, 'secret'), { recursive: true });
      writeFileSync(at(left, 'secret', 'labels.npy'), 'labels');
    }
    await make();
    expect(readdirSync(folder).sort()).toEqual([living, 'c']);
  });

  it.skipIf(process.platform === 'win32')(
    'keeps labels from other users of the machine (skipped on Windows, which has no modes)',
    async () => {
      await make();
      expect(statSync(at('c', 'secret')).mode & 0o777).toBe(0o700);
    },
  );

  it('hands out a page that says how to enter, and an example that is accepted', async () => {
    await make({
      title: 'Top tagging 2027',
      rules: { metric: 'rejection', signalEfficiency: 0.5, perDay: 2, deadline: '2027-06-30' },
    });
    const page = readFileSync(at('c', 'public', 'README.md'), 'utf8');
    for (const text of [
      '# Top tagging 2027',
      '300 jets',
      'ε_S = 0.5',
      'At most 5 entries per group, 2 per day',
      'Deadline 2027-06-30 23:59:59 UTC',
      'np.save("mygroup__mynet.npy", scores)',
      'challenge check',
    ])
      expect(page).toContain(text);
    const { jets } = openChallenge(at('c', 'public'));
    const example = readFileSync(at('c', 'public', 'example__random.npy'));
    expect(checkSubmission('example__random.npy', example, jets).flags).toEqual([]);
  });

  it('says which of two at once made the folder', async () => {
    const both = await Promise.allSettled([make(), initChallenge(at('c'), source)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(isJetError(lost.reason)).toBe(true);
    expect(readdirSync(folder)).toEqual(['c']);
  });
});
