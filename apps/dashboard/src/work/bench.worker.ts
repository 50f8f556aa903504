/** @file The worker that reads jets, runs taggers and evaluates them. */
import { evaluation } from './evaluation.js';
import { jetFile } from './jetFile.js';
import { inspect } from './modelFile.js';
import { serve } from './rpc.js';
import { taggers } from './taggers.js';

const file = jetFile();
const { load, score } = taggers(file.source);

const { open, survey, averagesByCut, images } = file;

const bench = { open, survey, averagesByCut, images, load, score, evaluate: evaluation, inspect };

export type Bench = typeof bench;

serve(bench);
