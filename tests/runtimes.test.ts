import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './support/command.js';
import { examples } from './support/examples.js';
import { execute } from './support/packedProject.js';

/** Where a program lies: as the variable says, or on the path. */
const find = (name: string): string | undefined =>
  process.env[`JETSDK_${name.toUpperCase()}`] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => [join(folder, name), join(folder, `${name}.exe`)])
    .find((path) => existsSync(path));

const runtimes = [
  ['node', process.execPath, ['--input-type=module', '--eval']],
  ['bun', find('bun'), ['--eval']],
  ['deno', find('deno'), ['eval']],
] as const;

describe('the example of the README', () => {
  for (const [name, program, flags] of runtimes)
    test.skipIf(program === undefined)(
      `runs on ${name}${program === undefined ? ` (skipped: not on the path, nor in JETSDK_${name.toUpperCase()})` : ''}`,
      { timeout: 120_000 },
      async () => {
        const [example] = examples('README.md').filter(({ language }) => language === 'js');
        const code = example?.code.replace('demo/model.onnx', 'models/course-cnn/model.onnx') ?? '';
        const { status, stdout, stderr } = await execute(root, program ?? name, ...flags, code);
        // drivers of graphics cards, which auto tries, may have things to say
        expect(status, stderr).toBe(0);
        expect(Number(stdout)).toBeCloseTo(0.9821, 4);
      },
    );
});
