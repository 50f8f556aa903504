// Writes docs/export-layers.md from the registry. Build first: npx tsc -b packages/export
import { writeFile } from 'node:fs/promises';
import { supportPage } from '../dist/supportPage.js';

await writeFile(new URL('../../../docs/export-layers.md', import.meta.url), supportPage());
