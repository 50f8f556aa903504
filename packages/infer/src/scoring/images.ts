/** @file What makes images of constituents; pages fetch it with the first model that has a recipe. */
export { correctedJets, imager, normaliser } from '@jetsdk/jets';
