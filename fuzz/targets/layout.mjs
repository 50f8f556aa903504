import { openJets } from '@jetsdk/jets/files';
import { parseJson } from '@jetsdk/jets/json';
import { mutateJson } from '../mutate.mjs';

const file = new URL('../../packages/jets/fixtures/jetclass.parquet', import.meta.url);

export default {
  seeds: () => [
    { extends: 'JetClass' },
    {
      constituents: 5,
      unit: 'GeV',
      columns: { px: 'part_px', py: 'part_py', pz: 'part_pz', energy: 'part_energy', charge: 'part_charge' },
      background: ['label_QCD'],
      signal: ['label_Tbqq', 'label_Tbl'],
      classes: ['QCD', 'top'],
      others: 'leave-out',
    },
  ],
  mutate: mutateJson,
  async read(text) {
    const source = await openJets(file, { layout: parseJson(text, 'layout.json') });
    try {
      await source.read(0, Math.min(3, source.count));
      await source.labels();
    } finally {
      source.close();
    }
  },
};
