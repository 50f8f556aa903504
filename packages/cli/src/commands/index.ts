import type { Command } from 'commander';
import { addData } from './data.js';
import { addDemo } from './demo.js';
import { addDoctor } from './doctor.js';
import { addEval } from './evaluate.js';
import { addExport } from './export.js';
import { addModels } from './models.js';
import { addScore } from './score.js';
import { addTrain } from './train.js';

/** Every command, in the order of the help. */
export const commands: readonly ((program: Command) => void)[] = [
  addDemo,
  addData,
  addTrain,
  addExport,
  addScore,
  addEval,
  addModels,
  addDoctor,
];
