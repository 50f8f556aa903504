/** @file Parquet files. */
import { beginsWith, type Format } from '../format.js';
import { describeTable, numberColumns } from '../tables/columnTable.js';
import { bestLayout, noLayout } from '../tables/findTable.js';
import { parseLayout } from '../tables/layout.js';
import { layoutReader } from '../tables/layoutReader.js';
import { withNumberedLists } from '../tables/numberedLists.js';

export const parquet: Format = {
  name: 'parquet',
  title: 'Parquet',
  recognise: beginsWith([0x50, 0x41, 0x52, 0x31]),
  options: ['layout'],
  async open(file, options, host) {
    const { openParquetFile } = await import('./parquetFile.js');
    const table = await openParquetFile(file, host);
    return {
      contents: async () => ({ arrays: [], tables: [describeTable('', table)] }),
      columns: async () => numberColumns([table]),
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
