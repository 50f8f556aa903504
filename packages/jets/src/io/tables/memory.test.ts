import { expect, it } from 'vitest';
import { errorOf } from '../fixtures.testing.js';
import type { TableColumn } from './columnTable.js';
import { parseLayout } from './layout.js';
import { layoutReader } from './layoutReader.js';

it('a jet of ten million constituents is refused at its first column', async () => {
  let columns = 0;
  const column: TableColumn = {
    type: 'float32[]',
    form: 'list',
    async read() {
      columns++;
      return { values: new Float32Array(1e7), offsets: Uint32Array.of(0, 1e7) };
    },
  };
  const names = ['px', 'py', 'pz', 'E'];
  const table = { name: 'wide.parquet', rows: 1, columns: new Map(names.map((name) => [name, column])) };
  const reader = await layoutReader(table, parseLayout({ columns: { px: 'px', py: 'py', pz: 'pz', E: 'E' } }));
  const fill = async () => reader.fill(0, 1, new Float32Array(800), undefined, undefined);
  expect(await errorOf(fill)).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  expect(columns).toBe(1);
});
