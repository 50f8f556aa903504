import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { kernelFile } from './module.js';
import { kernelPool, type Pool } from './pool.js';

const open: Pool[] = [];
afterEach(() => {
  for (const pool of open.splice(0)) pool.close();
});

/** A pool over fresh memory that holds only numbers of the test. */
async function pool(threads: number): Promise<{ pool: Pool; memory: Float32Array }> {
  const module = new WebAssembly.Module(readFileSync(kernelFile('kernels-shared.wasm')));
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65536, shared: true });
  const made = await kernelPool(module, memory, threads);
  open.push(made);
  return { pool: made, memory: new Float32Array(memory.buffer) };
}

describe('kernelPool', () => {
  test('runs every chunk of every job exactly once, job after job', async () => {
    const { pool: threads, memory } = await pool(4);
    const rows = 40;
    for (let job = 0; job < 5000; job++) {
      const chunks = 1 + (job % rows);
      memory.fill(job, 1024, 1024 + rows);
      memory.fill(-1, 2048, 2048 + rows);
      threads.run(
        'columnSums',
        Array.from({ length: chunks }, (_, i) => [4 * 1024, 4 * (2048 + i), i, i + 1, 1]),
      );
      const expected = Array.from({ length: rows }, (_, i) => (i < chunks ? job : -1));
      expect([...memory.subarray(2048, 2048 + rows)]).toEqual(expected);
    }
  });

  test('gives each thread working memory of its own', async () => {
    const { pool: threads, memory } = await pool(3);
    const [m, k] = [160, 50];
    for (let i = 0; i < m * k; i++) memory[4096 + i] = (i % 7) - 3;
    // Panels of a (k × 1) matrix of ones.
    for (let i = 0; i < k; i++) memory[20000 + 8 * i] = 1;
    const expected = Array.from({ length: m }, (_, row) => {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += memory[4096 + row * k + i];
      return sum;
    });
    for (let repeat = 0; repeat < 200; repeat++) {
      memory.fill(0, 30000, 30000 + m);
      const rows = Array.from({ length: m / 4 }, (_, i) => [4 * i, 4 * i + 4]);
      threads.run(
        'product',
        rows.map(([first, last]) => [4 * 4096, 4 * k, 4, 4 * 20000, 0, 4 * 30000, first!, last!, 1, k, 0]),
        { address: 4 * 40000, bytes: 4 * 4 * k },
      );
      expect([...memory.subarray(30000, 30000 + m)]).toEqual(expected);
    }
  });

  test('a kernel that fails on any thread is an error, and the next job runs', async () => {
    const { pool: threads, memory } = await pool(2);
    const outside = 0xfffffff0;
    const jobs = Array.from({ length: 8 }, () => [outside, 4 * 2048, 0, 1, 4]);
    expect(() => threads.run('columnSums', jobs)).toThrowError(/kernel columnSums: failed/);
    memory[1024] = 7;
    threads.run('columnSums', [
      [4096, 8192, 0, 1, 1],
      [4096, 8196, 0, 1, 1],
    ]);
    expect([...memory.subarray(2048, 2050)]).toEqual([7, 7]);
  });

  test('refuses kernels that do not exist and jobs of too many chunks', async () => {
    const { pool: threads } = await pool(2);
    expect(() => threads.run('nothing', [[0], [0]])).toThrowError(/not in the compiled kernels/);
    expect(() => threads.run('columnSums', new Array<number[]>(1024).fill([0]))).toThrowError(/1024 chunks/);
  });
});
