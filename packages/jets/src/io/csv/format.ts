/** @file Text: comma-separated values, and columns of numbers. */
import { readAll } from '../bytes/readAll.js';
import type { Format } from '../format.js';
import { describeTable, numberColumns } from '../tables/columnTable.js';
import { bestLayout, noLayout } from '../tables/findTable.js';
import { parseLayout } from '../tables/layout.js';
import { layoutReader } from '../tables/layoutReader.js';
import { withNumberedLists } from '../tables/numberedLists.js';
import { readTextTable } from './textTable.js';

/** Text has no signature: a file is one by the end of its name. */
export const csv: Format = {
  name: 'csv',
  title: '.csv',
  recognise: (start, { name }) =>
    /\.(csv|tsv|txt)$/i.test(name) && start.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13)),
  options: ['layout'],
  async open(file, options) {
    const table = readTextTable(file, readAll(file));
    return {
      contents: async () => {
        const [first, ...others] = table.columns;
        if (first === undefined || others.length > 0) return { arrays: [], tables: [describeTable('', table)] };
        return { arrays: [{ name: first[0], dtype: first[1].type, shape: [table.rows] }], tables: [] };
      },
      columns: async () => {
        const columns = numberColumns([table]);
        return new Map(
          [...columns].map(([name, found]) => [
            name,
            found.map((column) => ({ ...column, texts: () => table.columns.get(name)?.texts ?? [] })),
          ]),
        );
      },
      async jets() {
        const wide = withNumberedLists(table);
        const layout = options.layout === undefined ? bestLayout(wide) : parseLayout(options.layout);
        if (!layout) throw noLayout(table);
        return layoutReader(wide, layout, options.padding);
      },
      close: () => file.close(),
    };
  },
};
