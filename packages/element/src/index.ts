/** @file One module for pages without a bundler, notebooks and CDNs: `<jet-tagger>`, and what scores jets in code. */
import { defineJetTagger } from '@jetsdk/infer/element';
import type * as files from '@jetsdk/jets/files';

export * from '@jetsdk/infer';
export { defineJetTagger };

/** `openJets` of `@jetsdk/jets/files`, whose readers are fetched when the first file is opened. */
export const openJets: typeof files.openJets = async (input, options) =>
  (await import('@jetsdk/jets/files')).openJets(input, options);

defineJetTagger();
