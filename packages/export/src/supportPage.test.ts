import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { supportPage } from './supportPage.js';

it('docs/export-layers.md is what the registry says; else run node packages/export/scripts/supportPage.mjs', () => {
  expect(readFileSync(new URL('../../../docs/export-layers.md', import.meta.url), 'utf8')).toBe(supportPage());
});
