/** @file What people see: results on stdout, everything else on stderr. */
import { formatCount, shortText } from '@jetsdk/jets';
import { SingleBar } from 'cli-progress';

/** Shows how far a piece of work is: a bar on a terminal, a line every few seconds elsewhere. */
export interface Progress {
  /** @param done of the total @param note shown behind the bar */
  update(done: number, note?: string): void;
  stop(): void;
}

/** Seconds between lines where there is no terminal. */
const LINE_INTERVAL = 5;

/** @param unit what is counted, e.g. `jets` */
export function progress(label: string, total: number, unit: string): Progress {
  if (process.stderr.isTTY) {
    const bar = new SingleBar({
      stream: process.stderr,
      format: `${harmless(label)} {bar} {percentage}% {value}/{total} ${unit} {note}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: false,
      formatValue: (value, _, type) => (type === 'value' || type === 'total' ? formatCount(value) : String(value)),
    });
    bar.start(total, 0, { note: '' });
    return { update: (done, note = '') => bar.update(done, { note: harmless(note) }), stop: () => bar.stop() };
  }
  let last = performance.now();
  let shown = '';
  const show = (done: number, note: string): void => {
    const line = `${label} ${formatCount(done)}/${formatCount(total)} ${unit}${note === '' ? '' : ` ${note}`}`;
    if (line !== shown) say(line);
    shown = line;
    last = performance.now();
  };
  let latest: readonly [number, string] = [0, ''];
  return {
    update(done, note = '') {
      latest = [done, note];
      if ((performance.now() - last) / 1000 >= LINE_INTERVAL) show(done, note);
    },
    stop: () => show(...latest),
  };
}

/** What a terminal would obey; names in files may hold it. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text that a terminal shows and does not obey; line ends and tabs stay. */
export function harmless(text: string): string {
  return text.replace(CONTROL, (character) => (character === '\n' || character === '\t' ? character : '\uFFFD'));
}

/** The command as it was called, for a shell; without --resume, which is for a run that was interrupted. */
export function calledAs(): string {
  const words = process.argv.slice(2).filter((word) => word !== '--resume');
  return [
    'jetsdk',
    ...words.map((word) => (/^[\w./:=,@+%-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)),
  ].join(' ');
}

/** A line of news for people. */
export function say(text: string): void {
  process.stderr.write(`${harmless(text)}\n`);
}

/** A result as text. */
export function print(text: string): void {
  process.stdout.write(`${harmless(text)}\n`);
}

/** A result as strict JSON: a number that JSON cannot hold is an error, not `null`. */
export function printJson(value: unknown): void {
  const json = JSON.stringify(
    value,
    (key, inner: unknown) => {
      if (typeof inner === 'number' && !Number.isFinite(inner)) throw new Error(`${key} is ${inner}: not JSON`);
      return inner;
    },
    2,
  );
  print(json.replace(CONTROL, escapeInJson));
}

/** The same character, as JSON spells it; line ends between values stay. */
function escapeInJson(character: string): string {
  if (character === '\n') return character;
  return Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}

/** Characters of a cell: room for a remedy, and for no more of a name that is endless. */
const LONGEST_CELL = 1000;

/** Rows as aligned columns; numbers to the right. */
export function table(header: readonly string[], given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map((cell) => shortText(cell, LONGEST_CELL)));
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const numeric = header.map((_, i) =>
    rows.every((row) => /^[-+±]?[\d.]/.test(row[i]) || row[i] === '' || row[i] === '–'),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((w) => '─'.repeat(w)).join('  '), ...rows.map(line)].join('\n');
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
