import { checkSubmission, namedJets } from '@jetsdk/eval/challenge';
import { mutateText } from '../mutate.mjs';

const ids = Array.from({ length: 40 }, (_, i) => `jet_${i}`);
const jets = namedJets(ids);

export default {
  seeds: () => [
    `id,score\n${ids.map((id, i) => `${id},${(i * 37) % 41}`).join('\n')}\n`,
    `${ids.map((id, i) => `${id},${((i * 17) % 43) / 43}`).join('\r\n')}`,
    `index,id,label\n${ids.map((id, i) => `${i},"${id}",${1 / (i + 1)}`).join('\n')}\n`,
  ],
  mutate: mutateText,
  read: (text) => checkSubmission('group__network.csv', new TextEncoder().encode(text), jets),
};
