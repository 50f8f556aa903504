/** @file Text tables by record: separator, quotes, line endings. */
import { JetError } from '../../errors.js';

/** One record and the line it begins in, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** The separator that the first line holds most of. */
export function csvSeparator(text: string): string {
  const line = /[^\r\n]+/.exec(text)?.[0] ?? '';
  const count = (separator: string): number => line.split(separator).length;
  return [';', '\t'].reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best), ',');
}

/** Records with fields as RFC 4180 quotes them; empty lines are left out. */
export function* csvRecords(where: string, text: string, separator: string): Generator<CsvRecord, void> {
  const plainField = new RegExp(`[^${separator}\\r\\n]*`, 'y');
  let at = 0;
  let line = 1;
  let fields: string[] = [];
  while (at < text.length) {
    const startLine = line;
    let field = '';
    if (text[at] === '"') {
      at++;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close < 0)
          throw new JetError(
            'BAD_FILE',
            `${where}: quote opened in line ${startLine} never closes; expected a closing "`,
            {
              line: startLine,
            },
          );
        field += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
    }
    plainField.lastIndex = at;
    const rest = plainField.exec(text)?.[0] ?? '';
    at += rest.length;
    fields.push(field + rest);
    if (text[at] === separator) {
      at++;
      if (at < text.length) continue;
      fields.push('');
    }
    if (fields.length > 1 || fields[0].trim() !== '') yield { line: startLine, fields };
    fields = [];
    if (text[at] === '\r' && text[at + 1] === '\n') at += 2;
    else at++;
    line++;
  }
}
