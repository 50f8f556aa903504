export type { FoldedNorm, LayerArtifacts, LayerWeight } from './artifacts.js';
export type { CardMean, CardMetrics, CardParity, CardPrecision, CardTraining, ModelCard } from './card/card.js';
export {
  type GeneratorCard,
  type GeneratorMetrics,
  type GeneratorTraining,
  parseGeneratorCard,
} from './card/generatorCard.js';
export { parseCard } from './card/parseCard.js';
export {
  type CardEstimate,
  parseRegressorCard,
  type RegressorCard,
  type RegressorComparison,
  type RegressorMetrics,
  type RegressorObservable,
} from './card/regressorCard.js';
export { knowsFiles, type Part, partOfFile, partSentence } from './card/trainedOn.js';
export { learnedParameters, meanText, trainingsOf } from './card/trainings.js';
export { classNames, countClasses, maySignal } from './classNames.js';
export { counted } from './counted.js';
export {
  argumentText,
  isPromise,
  requireBytes,
  requireList,
  requireMembers,
  requireOptions,
  requireText,
} from './door.js';
export { ERRORS, type ErrorDetails, isJetError, JetError, type JetErrorCode, type KnownDetails } from './errors.js';
export { fromHalf, halfBits, halfValue, toHalf } from './float16.js';
export { type Condition, type Flow, TIME_COLUMNS, timeFeatures } from './flow.js';
export { formatCount, formatCounted } from './formatCount.js';
export {
  computeFormula,
  type Formula,
  type FormulaOutput,
  type FormulaPair,
  type FormulaStep,
  FormulaWriter,
} from './formula.js';
export {
  EXTENT_SIZE,
  type InputRange,
  inputRange,
  jetExtents,
  joinEnds,
  joinRanges,
  parseInputRange,
  rangeOfExtents,
} from './inputRange.js';
export { type CsvRecord, csvRecords, csvSeparator } from './io/bytes/csvText.js';
export { joinBytes } from './io/bytes/joinBytes.js';
export { type Beside, copyJets, type JetImages, type Jets, jetImages, jets, mapBeside, sliceJets } from './jets.js';
export { type MemoryShare, memoryFor, requireMemory, setMemoryBudget } from './memoryBudget.js';
export { nearestName } from './nearestName.js';
export { type NoiseOptions, normalNoise, uniformConditions } from './noise.js';
export { normalProbability, normalQuantile } from './normal.js';
export {
  type ImageObservables,
  imageObservables,
  type JetKinematics,
  jetKinematics,
  meanSquaredRadius,
} from './observables.js';
export type { OnePass } from './onePass.js';
export { remedyIfPadding, requireParticles } from './particles.js';
export { type PlainError, plainError, reviveError } from './plainError.js';
export type { Progress } from './progress.js';
export { QUOTED_LENGTH, quoted, shortText } from './quoted.js';
export { type Random, random, randomFromState } from './random.js';
export { canonicalJson, hmacSha256Hex, sha256Hex } from './recipe/canonical.js';
export { type CorrectedJets, correctedJets } from './recipe/correctedJets.js';
export { type Imager, imager, makeImages } from './recipe/imager.js';
export { namedRecipe, pileUpRecipeNames, type RecipeName, recipeDescription, recipeNames } from './recipe/named.js';
export { type Normaliser, normaliseImages, normaliser, requireFinitePixels } from './recipe/normaliser.js';
export { parseRecipe, recipeHash } from './recipe/parse.js';
export { imageRecipes, imageShape, pixelateOf, type Recipe, type RecipeStep } from './recipe/recipe.js';
export { type RecipeStage, recipeStages } from './recipe/stages.js';
export type { CentreStep } from './recipe/steps/centre.js';
export type { FlipStep } from './recipe/steps/flip.js';
export type { ConstituentStep, StepName, StepOf } from './recipe/steps/index.js';
export type { NormaliseStep } from './recipe/steps/normalise.js';
export type { PixelateStep, PixelChannel } from './recipe/steps/pixelate.js';
export type { RotateStep } from './recipe/steps/rotate.js';
export {
  CALOGAN_CELLS,
  type LayerObservables,
  type ShowerLayer,
  type ShowerObservables,
  showerObservables,
} from './showers.js';
export { anonymousSource } from './source/anonymous.js';
export { columnOf } from './source/column.js';
export { concatSources } from './source/concat.js';
export {
  type Corrections,
  type CorrectionWay,
  correctedColumns,
  type ReadCorrectionsOptions,
  readCorrections,
} from './source/corrections.js';
export {
  type InputForm,
  inputForm,
  inputSource,
  type LabelledInputs,
  type LabelledInputsOptions,
  type ReadInputsOptions,
  readInputs,
  readLabelledInputs,
  toInputs,
} from './source/inputs.js';
export { type MemorySourceOptions, memorySource } from './source/memory.js';
export type { PackedJets } from './source/packed.js';
export { rangeSource } from './source/range.js';
export type { JetSource, Watch } from './source/source.js';
export { spreadRows, type TakeOptions, takeJets, takeSource } from './source/take.js';
export { rowsWhere, type Where, whereSource } from './source/where.js';
export { rowsOf, sizeOf, type Tensor, takeRows } from './tensor.js';
export { turn } from './turn.js';
export { SDK_VERSION } from './version.js';
