/** @file What pictures show of jets, gathered without drawing: for workers, which have no use for the pictures. */
export { type Averages, averages } from './averages.js';
export type { CorrectedInput, Corrections, Measured } from './corrections.js';
export { type Correlation, correlation } from './correlation.js';
export type { ConstituentQuantities, Kinematics, Quantity } from './kinematics.js';
export type { MassChange, MassSteps, Variant } from './masses.js';
export { singleImage } from './singleImage.js';
export { inGev, type Prefix } from './steps.js';
export { changeTable, exampleStrip, exampleTable } from './strips.js';
export { type Example, type ExampleImage, type Survey, type SurveyOptions, survey } from './survey.js';
