#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('jetsdk: this checkout is not built yet; run `npm run build` first');
  process.exit(1);
}
await (await import(main.href)).main(process.argv.slice(2));
