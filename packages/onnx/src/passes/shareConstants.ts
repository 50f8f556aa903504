import type { Initializer } from '../model.js';
import { Links, type Pass, Rewrite } from './links.js';

/** Leaves one of the constants that are the same: a network that is called several times has its weights folded once for each call. */
export const shareConstants: Pass = (graph) => {
  const links = new Links(graph);
  const rewrite = new Rewrite();
  const kept = new Map<string, Initializer[]>();
  for (const { name } of graph.initializers) {
    const constant = links.constant(name);
    if (constant === undefined || links.isOutput(name)) continue;
    const { type, dims, data } = constant;
    const alike = kept.get(`${type} ${dims}`) ?? [];
    kept.set(`${type} ${dims}`, alike);
    const same = alike.find((one) => data.every((byte, i) => byte === one.data[i]));
    if (same === undefined) alike.push(constant);
    else rewrite.rename(name, same.name);
  }
  return rewrite.apply(graph);
};
