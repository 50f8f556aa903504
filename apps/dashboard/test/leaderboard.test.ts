import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Leaderboard } from '@jetsdk/eval/challenge';
import { jetKinematics } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import { describe, expect, it } from 'vitest';
import { barriers, chromium, keepScreenshot, saved, useSite, visit } from './site.ts';

const command = fileURLToPath(new URL('../../../packages/cli/bin/jetsdk.js', import.meta.url));
const labelled = fileURLToPath(new URL('../../../data/val.h5', import.meta.url));

const site = useSite();

const jetsdk = (...args: string[]): string =>
  execFileSync(process.execPath, [command, ...args], {
    cwd: site().scratch,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

const writeScores = (path: string, scores: Float32Array): Promise<void> =>
  writeFile(join(site().scratch, path), writeNpy({ dtype: 'float32', shape: [scores.length], data: scores }));

/** Versions of V8 differ in the last bits of exponentials and logarithms. */
const RELATIVE_TOLERANCE = 1e-12;

/** Where two values of JSON differ. */
function differences(got: unknown, wanted: unknown, at = ''): string[] {
  if (typeof got === 'number' && typeof wanted === 'number')
    return Math.abs(got - wanted) <= RELATIVE_TOLERANCE * Math.abs(wanted) ? [] : [`${at}: ${got} and ${wanted}`];
  if (typeof got !== 'object' || typeof wanted !== 'object' || got === null || wanted === null)
    return got === wanted ? [] : [`${at}: ${String(got)} and ${String(wanted)}`];
  const [ours, theirs] = [new Map(Object.entries(got)), new Map(Object.entries(wanted))];
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) =>
    differences(ours.get(key), theirs.get(key), `${at}/${key}`),
  );
}

describe.skipIf(chromium === undefined)('the leaderboard in Chromium (skipped where it is not installed)', () => {
  it('ranks a challenge folder as `jetsdk challenge rank` does, number for number', async () => {
    jetsdk('challenge', 'init', labelled, '-o', 'contest', '--seed', 'dashboard', '--limit', '2');
    const jets = await openJets(join(site().scratch, 'contest/public/jets.h5'));
    const part = await jets.read(0, jets.count);
    const ids = (await jets.ids!())!;
    jets.close();
    if (part.kind !== 'constituents') throw new Error('val.h5 holds constituents');
    // tops are heavier than most other jets
    const heavy = Float32Array.from(jetKinematics(part).mass, (mass) => 1 / (1 + Math.exp((140 - mass) / 30)));
    const noisy = (by: number): Float32Array =>
      heavy.map((score, i) => score + by * (((i * 7919) % 1009) / 1009 - 0.5));
    await writeScores('ada__mass.npy', heavy);
    await writeScores('bob__noise.npy', noisy(0.4));
    await writeScores(
      'cyd__upside.npy',
      noisy(0.2).map((score) => 1 - score),
    );
    await writeScores(
      'dan__tenths.npy',
      heavy.map((score) => Math.round(10 * score) / 10),
    );
    await writeFile(
      join(site().scratch, 'eve__shuffled.csv'),
      `id,score\n${ids
        .map((id, i) => `${id},${noisy(0.1)[i]}`)
        .reverse()
        .join('\n')}\n`,
    );
    for (const file of ['cyd__upside.npy', 'ada__mass.npy', 'bob__noise.npy', 'dan__tenths.npy', 'eve__shuffled.csv'])
      jetsdk('challenge', 'submit', file, '--challenge', 'contest');
    // what `submit` refuses, put there by hand
    await writeScores('contest/submissions/fay__short.npy', heavy.subarray(1));
    await writeFile(join(site().scratch, 'contest/submissions/notes.txt'), 'later');
    await writeFile(join(site().scratch, 'contest/notes.txt'), 'of the organiser');
    const wanted = JSON.parse(jetsdk('challenge', 'rank', '--challenge', 'contest', '--json')) as Leaderboard;

    const { page, complaints } = await visit(site().browser, `${site().url}#view=leaderboard`);
    await page.locator('input[type=file]').setInputFiles(join(site().scratch, 'contest'));
    const table = page.getByRole('table');
    await table.waitFor();
    const got: unknown = JSON.parse((await saved(page, 'Save leaderboard.json')).toString());
    expect(differences(got, wanted)).toEqual([]);

    expect(wanted.leaderboard.map(({ group }) => group)).toHaveLength(5);
    expect(wanted.rejected.map(({ file }) => file)).toEqual(['fay__short.npy', 'notes.txt']);
    const rows = await table.locator('tbody tr').all();
    const shown = await Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
    expect(shown).toEqual(
      wanted.leaderboard.map((row) => {
        const { rankInterval: places } = row;
        const at = row.rejection.find(({ signalEfficiency }) => signalEfficiency === 0.3)!;
        const short = (value: number): string => (value < 100 ? value.toFixed(1) : Math.round(value).toString());
        return [
          String(row.rank),
          row.group,
          row.network,
          `${row.auc.toFixed(4)} ± ${row.aucStdErr.toFixed(4)}`,
          `${short(at.rejection)} (${short(at.interval.low)} – ${short(at.interval.high)})`,
          String(row.rejectionRank),
          places.low === places.high ? String(places.low) : `${places.low} – ${places.high}`,
          `${Math.round(100 * row.firstProbability)} %`,
          `${row.tieGroup68} / ${row.tieGroup95}`,
          row.flags.map(({ code }) => code).join(', '),
        ];
      }),
    );
    const flagsOf = (group: string): string => shown.find(([, name]) => name === group)!.at(-1)!;
    expect(flagsOf('cyd')).toContain('flipped');
    expect(flagsOf('dan')).toContain('rounded');
    for (const { reason } of wanted.rejected) await page.getByText(reason, { exact: true }).waitFor();
    await keepScreenshot(page, 'challenge');
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    // nor does the table scroll within itself: its rows are folded
    const scrolls = `[...document.querySelectorAll('.scroll')].some((one) => one.scrollWidth > one.clientWidth)`;
    expect(await page.evaluate(scrolls)).toBe(false);
    expect(await table.locator('tbody td').getByText('AUC').first().isVisible()).toBe(true);
    expect(await barriers(page)).toEqual([]);

    const labels = join(site().scratch, 'contest/secret/labels.npy');
    const changed = await readFile(labels);
    changed[changed.length - 1] ^= 1;
    await writeFile(labels, changed);
    await page.locator('input[type=file]').setInputFiles(join(site().scratch, 'contest'));
    await page.getByRole('alert').getByText('it was changed since the challenge was made').waitFor();
    expect(complaints).toEqual([]);
  });

  it('ranks a folder of submissions, with flags, and tells which files it cannot', async () => {
    const { page, complaints } = await visit(site().browser, `${site().url}#view=leaderboard`);
    const challenge = join(site().scratch, 'challenge');
    await mkdir(join(challenge, 'submissions'), { recursive: true });
    const jets = 400;
    const labels = Uint8Array.from({ length: jets }, (_, i) => (i * 7) % 2);
    const scores = (noise: number): Float32Array =>
      Float32Array.from(labels, (label, i) => 0.4 + 0.2 * label + noise * (((i * 37) % 100) / 100 - 0.5));
    const write = (name: string, values: Float32Array): Promise<void> =>
      writeFile(
        join(challenge, 'submissions', name),
        writeNpy({ dtype: 'float32', shape: [values.length], data: values }),
      );
    await writeFile(join(challenge, 'labels.npy'), writeNpy({ dtype: 'uint8', shape: [jets], data: labels }));
    await write('ada__sharp.npy', scores(0.5));
    await write('bob__blurred.npy', scores(0.9));
    await write('ada__dull.npy', scores(2));
    await write(
      'cyd__upside.npy',
      scores(0.9).map((value) => 1 - value),
    );
    await write('dan__short.npy', scores(0.5).subarray(1));
    await page.locator('input[type=file]').setInputFiles(challenge);
    const table = page.getByRole('table');
    await table.waitFor();
    expect(await table.getByRole('rowheader').allInnerTexts()).toEqual(['ada', 'bob', 'ada', 'cyd']);
    await page.getByRole('radio', { name: 'best of each group' }).check();
    await expect.poll(() => table.getByRole('rowheader').allInnerTexts()).toEqual(['ada', 'bob', 'cyd']);
    expect(await table.getByRole('row', { name: 'cyd' }).getByRole('cell').first().innerText()).toBe('4');
    expect(await table.innerText()).toContain('flipped');
    await page.getByText(/dan__short\.npy: scores of shape \(399,\); expected \(400,\)/).waitFor();
    await page.locator('.jet-plot-leaderboard').waitFor();
    await keepScreenshot(page, 'leaderboard');
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
