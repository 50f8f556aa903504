import { parseBinning } from '@jetsdk/jets/files';
import { mutateText } from '../mutate.mjs';

const layer = (id, edges, bins) => `    <Layer id="${id}" r_edges="${edges}" n_bin_alpha="${bins}"/>`;

export default {
  seeds: () => [
    `<Bins>\n  <Bin pid="22" name="photon" etaMin="0" etaMax="130">\n${layer(0, '0,5,10,30,50,100,200,400,600', 1)}\n${layer(1, '0,2,4,6,8,10,12,15,20', 10)}\n  </Bin>\n</Bins>\n`,
    `<?xml version="1.0"?>\n<Bins>\n  <Bin pid="211" name="pion">\n${layer(0, '0, 5, 10', 1)}\n${layer(12, '0, 10, 1e2', 10)}\n  </Bin>\n  <Bin pid="11" name="electron">\n${layer(2, '0,3', 4)}\n  </Bin>\n</Bins>`,
  ],
  mutate: mutateText,
  read: (text) => parseBinning(text),
};
