/** @file `<jet-tagger>`: a place for jets in any page, which says what a tagger thinks of them. */
export { defineJetTagger, type JetScores } from './jetTagger.js';
