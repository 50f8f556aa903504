import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { written } from '../tools/tables.mjs';
import { root } from './support/command.js';

test.each([...written()])(
  'the tables in %s are those of cards and code (`npm run tables` writes them)',
  (path, text) => {
    expect(text).toMatch(/<!-- begin \w+ -->\n[^<]/);
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  },
);
