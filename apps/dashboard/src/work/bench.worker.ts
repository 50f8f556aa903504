/** @file The worker that reads jets, runs taggers and evaluates them. */
import { evaluation } from './evaluation.js';
import { jetFile } from './jetFile.js';
import { inspect } from './modelFile.js';
import { layersOf } from './networkFile.js';
import { serve } from './rpc.js';
import { taggers } from './taggers.js';

const file = jetFile();
const { load, score } = taggers(file.source);

const { open, survey, averagesByCut, images, sha256 } = file;

const bench = { open, survey, averagesByCut, images, sha256, load, score, evaluate: evaluation, inspect, layersOf };

export type Bench = typeof bench;

serve(bench);
