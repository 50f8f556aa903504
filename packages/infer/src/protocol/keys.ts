/** @file Names by which our own server and its clients know each other. */

/** Platform of models whose server applies the recipe and reads the score off the output. */
export const OWN_PLATFORM = 'jetsdk_onnx';
/** Platform of regressors: the network itself, whose clients make its images. */
export const REGRESSOR_PLATFORM = 'jetsdk_regressor';
/** Platform of generators: the network itself, or what a seed makes of it. */
export const GENERATOR_PLATFORM = 'jetsdk_generator';
/** The input of a generator's noise. */
export const NOISE_INPUT = 'noise';
/** The input that goes through the model's recipe. */
export const CONSTITUENTS_INPUT = 'constituents';
/** The output of one signal probability per jet. */
export const SCORE_OUTPUT = 'score';
/** The output of the probabilities of all classes. */
export const PROBABILITIES_OUTPUT = 'probabilities';
/** Key of the model file's SHA-256 in the parameters of a model's configuration. */
export const SHA256_KEY = 'jetsdk.sha256';
/** Key of the recipe that the server applies, as JSON. */
export const RECIPE_KEY = 'jetsdk.recipe';
