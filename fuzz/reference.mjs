// Damaged files beside the reference reader of their format, where Python has it: npm run fuzz:reference -- TARGET… --cases N --seed S
// Both give the same numbers, or one refuses; exit 1 where both read and the numbers differ.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { isJetError } from '@jetsdk/jets';
import { caseOf } from './cases.mjs';
import { arraysOf } from './reference/ours.mjs';

const targets = Object.keys(arraysOf);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    python: { type: 'string', default: 'python3' },
    keep: { type: 'string', default: join(import.meta.dirname, 'found') },
    help: { type: 'boolean', short: 'h' },
  },
});
const unknown = positionals.filter((name) => !targets.includes(name));
const cases = Number(values.cases);
const seed = Number(values.seed);
if (values.help || unknown.length > 0 || !(cases >= 1) || !Number.isInteger(seed)) {
  console.error(`npm run fuzz:reference -- [TARGET…] [--cases N] [--seed S] [--keep FOLDER]
targets: ${targets.join(', ')}${unknown.length > 0 ? `; got ${unknown.join(', ')}` : ''}
inputs that both read, and differently, are written to --keep`);
  process.exit(values.help ? 0 : 2);
}

const here = mkdtempSync(join(tmpdir(), 'jetsdk-reference-'));
process.on('exit', () => rmSync(here, { recursive: true, force: true }));
// JSROOT tells the console what it thinks of damaged files
for (const how of ['log', 'warn', 'error', 'info']) if (how !== 'error') console[how] = () => {};
const say = (text) => process.stdout.write(`${text}\n`);

let differ = 0;
for (const target of positionals.length > 0 ? positionals : targets) differ += await compare(target);
process.exitCode = differ > 0 ? 1 : 0;

async function compare(target) {
  const reader = spawn(values.python, [join(import.meta.dirname, 'reference/reader.py'), target], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: reader.stdout })[Symbol.asyncIterator]();
  const hello = await answers.next();
  if (hello.done || hello.value !== 'ready') {
    say(`${target}: skipped, ${hello.value ?? `${values.python} is not there`}`);
    return 0;
  }
  const { load } = await caseOf(target, seed);
  const counts = { refused: 0, same: 0, 'refused by the reference': 0 };
  const different = [];
  const file = join(here, 'case');
  for (let number = 0; number < cases; number++) {
    const bytes = load(number);
    writeFileSync(file, bytes);
    let arrays;
    try {
      arrays = await arraysOf[target](file, bytes);
    } catch (error) {
      if (!isJetError(error)) throw error;
      counts.refused++;
      continue;
    }
    const ours = arrays.map(({ name, data }, i) => {
      const path = join(here, `ours-${i}`);
      writeFileSync(path, new Uint8Array(Float64Array.from(data, Number).buffer));
      return { name, path };
    });
    reader.stdin.write(`${JSON.stringify({ file, ours })}\n`);
    const { value = 'the reference died' } = await answers.next();
    if (value === 'same') counts.same++;
    else if (value.startsWith('refused')) counts['refused by the reference']++;
    else {
      different.push(`case ${number}: ${value}`);
      mkdirSync(values.keep, { recursive: true });
      writeFileSync(join(values.keep, `${target}-${seed}-${number}`), bytes);
      if (value === 'the reference died') break;
    }
  }
  reader.stdin.end();
  if (reader.exitCode === null) await once(reader, 'exit');
  const told = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  say(`${target}: ${cases} cases with seed ${seed}, ${told.join(', ')}, ${different.length} differ`);
  for (const text of different.slice(0, 5)) say(`  ${text}`);
  return different.length;
}
