/** @file Scores as text: `id,score` with the spellings that spreadsheets, pandas and people produce. */
import { type CsvRecord, csvRecords, csvSeparator, JetError } from '@jetsdk/jets';
import type { JetList } from './jetList.js';
import { quoted } from './wording.js';

const ID_HEADERS = ['id', 'ids', 'jetid', 'jetids', 'jet', 'jetname', 'name', 'event', 'eventid'];
const INDEX_HEADERS = ['', 'index', 'unnamed0'];
const SCORE_HEADERS = [
  'score',
  'scores',
  'label',
  'labels',
  'prediction',
  'predictions',
  'pred',
  'predicted',
  'probability',
  'prob',
  'proba',
  'output',
  'signal',
  'ypred',
  'yscore',
  'target',
];
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_A_NUMBER = /^(?:|[+-]?(?:nan|inf|infinity)|null|none|na|n\/a|#n\/a|1\.#\w+)$/i;
const EXAMPLES = 3;

/**
 * Reads a table with one id and one score a line and puts the scores in the order of the jets.
 *
 * UTF-8 or, with a byte order mark, UTF-16; any line ending; comma, semicolon or tab; fields may be quoted; a decimal
 * comma where the comma is not the separator. The header is optional; a column of row numbers beside the ids is ignored.
 *
 * @param where the name for messages
 * @returns (jets,) float64
 * @throws {JetError} BAD_FILE if the text is no such table, an id is unknown, missing or given twice (counts and
 *   examples in the message); NOT_FINITE if a score is NaN, infinite or empty
 */
export function readScoreCsv(where: string, bytes: Uint8Array, jets: JetList): Float64Array {
  const text = decode(where, bytes);
  const separator = csvSeparator(text);
  const records = csvRecords(where, text, separator);
  const first = records.next();
  if (first.done)
    throw new JetError('BAD_FILE', `${where}: no line; expected a header and ${jets.count} lines id,score`);
  const second = records.next();
  const header = isData(first.value.fields, jets, separator) ? undefined : first.value.fields;
  const sample = header === undefined ? first.value : second.done ? undefined : second.value;
  if (sample === undefined)
    throw new JetError('BAD_FILE', `${where}: a header but no scores; expected ${jets.count} lines id,score`, {
      lines: 0,
      expected: jets.count,
    });
  const columns = findColumns(where, header, sample.fields, jets);
  const table = new ScoreTable(where, jets, first.value.fields.length, columns, separator);
  if (header === undefined) table.add(first.value);
  if (!second.done) table.add(second.value);
  for (const record of records) table.add(record);
  return table.scores();
}

interface Columns {
  readonly id: number;
  readonly score: number;
}

/** Collects the scores and everything wrong with the lines, so that one message can tell it all. */
class ScoreTable {
  readonly #where: string;
  readonly #jets: JetList;
  readonly #width: number;
  readonly #columns: Columns;
  readonly #decimalComma: boolean;
  readonly #scores: Float64Array;
  readonly #seen: Uint8Array;
  readonly #unknown = new Examples();
  readonly #repeated = new Examples();
  readonly #notFinite = new Examples();
  #found = 0;

  constructor(where: string, jets: JetList, width: number, columns: Columns, separator: string) {
    this.#where = where;
    this.#jets = jets;
    this.#width = width;
    this.#columns = columns;
    this.#decimalComma = separator !== ',';
    this.#scores = new Float64Array(jets.count);
    this.#seen = new Uint8Array(jets.count);
  }

  add({ line, fields }: CsvRecord): void {
    if (fields.length !== this.#width)
      throw new JetError(
        'BAD_FILE',
        `${this.#where}: line ${line} has ${fields.length} fields; expected ${this.#width} as in the first line; use a decimal point and quote text that holds the separator`,
        { line, fields: fields.length, expected: this.#width },
      );
    const id = fields[this.#columns.id].trim();
    const jet = this.#jets.find(id);
    if (jet === undefined) {
      this.#unknown.add(id);
      return;
    }
    if (this.#seen[jet] === 1) {
      this.#repeated.add(id);
      return;
    }
    this.#seen[jet] = 1;
    this.#found++;
    const cell = fields[this.#columns.score].trim();
    const score = numberIn(cell, this.#decimalComma);
    if (score !== undefined && Number.isFinite(score)) this.#scores[jet] = score;
    else if (score !== undefined || NOT_A_NUMBER.test(cell)) this.#notFinite.add(id);
    else
      throw new JetError(
        'BAD_FILE',
        `${this.#where}: line ${line} has the score ${quoted(cell)}; expected a number such as 0.25; write one number a line`,
        { line },
      );
  }

  scores(): Float64Array {
    const missing = new Examples();
    if (this.#found < this.#jets.count)
      for (let i = 0; i < this.#jets.count; i++) if (this.#seen[i] === 0) missing.add(this.#jets.id(i));
    if (missing.count + this.#unknown.count + this.#repeated.count > 0)
      throw new JetError(
        'BAD_FILE',
        `${this.#where}: ${this.#found} of ${this.#jets.count} jets scored${missing.clause('missing')}${this.#unknown.clause('unknown')}${this.#repeated.clause('given again')}; expected every id of the challenge once${this.#found === 0 ? `, such as ${quoted(this.#jets.id(0))}; are these the ids of these jets?` : ''}`,
        {
          jets: this.#found,
          expected: this.#jets.count,
          missing: missing.count,
          unknown: this.#unknown.count,
          repeated: this.#repeated.count,
        },
      );
    if (this.#notFinite.count > 0)
      throw new JetError(
        'NOT_FINITE',
        `${this.#where}: ${this.#notFinite.count} of ${this.#jets.count} scores are NaN, infinite or empty, e.g. of ${this.#notFinite.list()}; expected finite numbers; replace them`,
        { notFinite: this.#notFinite.count, expected: 0 },
      );
    return this.#scores;
  }
}

/** A count and the first few of what was counted. */
class Examples {
  count = 0;
  readonly #first: string[] = [];

  add(id: string): void {
    if (this.#first.length < EXAMPLES) this.#first.push(quoted(id));
    this.count++;
  }

  list(): string {
    return this.#first.join(', ') + (this.count > this.#first.length ? ', …' : '');
  }

  clause(what: string): string {
    return this.count === 0 ? '' : `; ${this.count} ${what}: ${this.list()}`;
  }
}

function decode(where: string, bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new JetError(
      'BAD_FILE',
      `${where}: ${bytes.length} bytes that are neither .npy, .npz nor ${encoding} text; expected a line id,score for every jet`,
      { bytes: bytes.length },
      { cause },
    );
  }
  if (text.includes('\0'))
    throw new JetError(
      'BAD_FILE',
      `${where}: ${bytes.length} bytes of binary data that are neither .npy nor .npz; expected one of them or text id,score`,
      { bytes: bytes.length },
    );
  return text;
}

/** A line of data holds a known id and, beside it, only numbers. */
function isData(fields: readonly string[], jets: JetList, separator: string): boolean {
  const ids = fields.findIndex((field) => jets.find(field.trim()) !== undefined);
  return (
    ids >= 0 && fields.length > 1 && fields.every((field, i) => i === ids || isNumeric(field.trim(), separator !== ','))
  );
}

function isNumeric(cell: string, decimalComma: boolean): boolean {
  return numberIn(cell, decimalComma) !== undefined || (cell !== '' && NOT_A_NUMBER.test(cell));
}

function numberIn(cell: string, decimalComma: boolean): number | undefined {
  const text = decimalComma ? cell.replace(',', '.') : cell;
  return NUMBER.test(text) ? Number(text) : undefined;
}

function findColumns(
  where: string,
  header: readonly string[] | undefined,
  sample: readonly string[],
  jets: JetList,
): Columns {
  const names = header?.map((field) => field.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  const all = sample.map((_, column) => column);
  const known = (list: readonly string[]): number[] =>
    names === undefined ? [] : all.filter((column) => list.includes(names[column]));
  const index = known(INDEX_HEADERS);
  const scoreNamed = known(SCORE_HEADERS);
  const mayBeId = all.length - index.length === 1 ? index : all.filter((column) => !index.includes(column));
  const holdsId = (column: number): boolean => jets.find(sample[column].trim()) !== undefined;
  const id = known(ID_HEADERS)[0] ?? mayBeId.find((column) => !scoreNamed.includes(column) && holdsId(column));
  if (id === undefined)
    throw new JetError(
      'BAD_FILE',
      `${where}: no column of ids in ${describe(header ?? sample)}; expected a header id,score and ids such as ${quoted(jets.id(0))}`,
      { columns: sample.length },
    );
  const named = scoreNamed.filter((column) => column !== id);
  const left = all.filter((column) => column !== id && !index.includes(column));
  const candidates = named.length > 0 ? named : left;
  if (candidates.length !== 1)
    throw new JetError(
      'BAD_FILE',
      `${where}: ${candidates.length} columns in ${describe(header ?? sample)} may be the score; expected 1; keep only id and score`,
      { candidates: candidates.length, expected: 1 },
    );
  return { id, score: candidates[0] };
}

function describe(fields: readonly string[]): string {
  return fields.slice(0, 8).map(quoted).join(', ') + (fields.length > 8 ? ', …' : '');
}
