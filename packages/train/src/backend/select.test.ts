import { getBackend } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { selectBackend } from './select.js';

describe('selectBackend', () => {
  test('auto answers with a backend that computes, and a reason for each one before it', async () => {
    const order = ['tfjs-node-gpu', 'tfjs-node', 'wasm'];
    const selected = await selectBackend('auto', { threads: 1 });
    expect(selected.reasons.map(({ backend }) => backend)).toEqual(order.slice(0, order.indexOf(selected.name)));
    for (const { reason } of selected.reasons) expect(reason).not.toBe('');
    expect(getBackend()).toBe(selected.name === 'wasm' ? 'wasm' : 'tensorflow');
  });

  test('cpu and wasm start by name', async () => {
    expect(await selectBackend('cpu')).toEqual({ name: 'cpu', threads: 1, reasons: [] });
    expect(getBackend()).toBe('cpu');
    expect(await selectBackend('wasm', { threads: 2 })).toEqual({ name: 'wasm', threads: 2, reasons: [] });
    expect(getBackend()).toBe('wasm');
  });

  test('names the package that is missing', async () => {
    const selected = await selectBackend('auto', { threads: 1 });
    for (const { backend, reason } of selected.reasons)
      if (reason.startsWith('not installed'))
        expect(reason).toMatch(new RegExp(`npm install .*@tensorflow/${backend}@`));
  });

  test('throws BAD_ARGUMENT for an unknown name or a bad number of threads', async () => {
    await expect(selectBackend('metal' as 'wasm')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(selectBackend('wasm', { threads: 0 })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  test('leaves no Worker behind in the global scope', async () => {
    await selectBackend('wasm', { threads: 1 });
    await selectBackend('wasm', { threads: 2 });
    expect('Worker' in globalThis).toBe(false);
  });
});
