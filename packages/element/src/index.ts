/** @file One module for pages without a bundler, notebooks and CDNs: `<jet-tagger>`, and what scores jets in code. */
import { defineJetTagger } from '@jetsdk/infer/element';

export * from '@jetsdk/infer';
export { openJets } from '@jetsdk/jets/files';
export { defineJetTagger };

defineJetTagger();
