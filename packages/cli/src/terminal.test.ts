import { afterEach, describe, expect, it, vi } from 'vitest';
import { print, printJson, progress, say, table } from './terminal.js';

/** Sets colours, moves the cursor, names the window, writes from right to left. */
const HOSTILE = 'a\u001b[31mb\u009b2Jc\u001b]0;x\u0007d\u202ee\u2028f\rg\u007f';

const written: string[] = [];
for (const stream of [process.stdout, process.stderr])
  vi.spyOn(stream, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
afterEach(() => written.splice(0));

describe('the terminal', () => {
  it('gets no control character, but line ends and tabs', () => {
    print(`${HOSTILE}\n\tend`);
    say(HOSTILE);
    const shown = 'a\ufffd[31mb\ufffd2Jc\ufffd]0;x\ufffdd\ufffde\ufffdf\ufffdg\ufffd';
    expect(written).toEqual([`${shown}\n\tend\n`, `${shown}\n`]);
  });

  it('gets no cell of a table without end', () => {
    expect(table(['name'], [['x'.repeat(1_000_000)]]).length).toBeLessThan(3000);
  });

  it('gets progress with commas between thousands', () => {
    const bar = progress('score', 12_000, 'jets');
    bar.update(3750);
    bar.stop();
    expect(written).toEqual(['score 3,750/12,000 jets\n']);
  });

  it('gets JSON that is valid and says the same', () => {
    const value = { [HOSTILE]: [HOSTILE, 'ε 𝛆 \u{e0041}', '\ud800', 1] };
    printJson(value);
    expect(JSON.parse(written.join(''))).toEqual(value);
    expect(written.join('').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  });
});
