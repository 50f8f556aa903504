import type { Command } from 'commander';
import { addData } from './data.js';
import { addEval } from './evaluate.js';
import { addScore } from './score.js';

/** Every command, in the order of the help. */
export const commands: readonly ((program: Command) => void)[] = [addData, addScore, addEval];
