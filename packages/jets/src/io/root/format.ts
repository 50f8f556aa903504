/** @file ROOT files. */
import { JetError } from '../../errors.js';
import { shortText } from '../../quoted.js';
import { beginsWith, type Format } from '../format.js';
import { type ColumnTable, describeTable, numberColumns } from '../tables/columnTable.js';
import { findTable } from '../tables/findTable.js';
import { layoutReader } from '../tables/layoutReader.js';

export const root: Format = {
  name: 'root',
  title: 'ROOT',
  recognise: beginsWith([0x72, 0x6f, 0x6f, 0x74]),
  options: ['dataset', 'layout'],
  async open(file, options, host) {
    const { openRootFile } = await import('./rootFile.js');
    const { trees, others } = await openRootFile(file, host);
    const read = async (): Promise<ColumnTable[]> => {
      const tables: ColumnTable[] = [];
      for (const tree of trees) tables.push(await tree.read());
      return tables;
    };
    return {
      contents: async () => ({
        arrays: [],
        tables: (await read()).map((table, i) => describeTable(trees[i].path, table)),
      }),
      columns: async () => numberColumns(await read()),
      async jets() {
        const { table, layout } = await findTable(file.name, trees, options, (path) =>
          noTree(
            file.name,
            path,
            trees.map((tree) => tree.path),
            others,
          ),
        );
        return layoutReader(table, layout, options.padding);
      },
      close: () => file.close(),
    };
  },
};

function noTree(name: string, path: string | undefined, trees: readonly string[], others: readonly string[]): JetError {
  const ntuple = others.some((other) => other.includes('RNTuple'));
  const hint = ntuple ? '; RNTuple is not read: write a TTree (in uproot with mktree) or Parquet' : '';
  const there = [...trees, ...others].slice(0, 8).map((one) => shortText(one));
  return new JetError(
    ntuple && trees.length === 0 ? 'UNSUPPORTED' : 'BAD_DATASET',
    `${name}: no tree${path === undefined ? '' : ` ${shortText(path)}`}; the file has ${there.join(', ') || 'nothing'}; expected a TTree${hint}`,
    { trees, others },
  );
}
