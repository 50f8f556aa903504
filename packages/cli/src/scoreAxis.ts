/** @file The option of reports of taggers that sets how their axis of scores counts. */
import { JetError } from '@jetsdk/jets';
import { choice } from './options.js';

/** How the vertical axis of scores counts. */
export type ScoreAxis = 'log' | 'linear';

/** For commands that write reports of taggers. */
export const SCORE_AXIS = [
  '--score-axis <scale>',
  'of the score pictures in the report: log or linear (default: log)',
  choice<ScoreAxis>('log', 'linear'),
] as const;

/**
 * Asks that an axis of scores is of pictures that there are.
 *
 * @throws {JetError} BAD_ARGUMENT for `classes` more than two
 */
export function requireScorePictures(command: string, axis: ScoreAxis | undefined, classes: number): void {
  if (axis !== undefined && classes > 2)
    throw new JetError(
      'BAD_ARGUMENT',
      `${command}: --score-axis ${axis} with scores of ${classes} classes; expected two classes, whose scores are drawn; leave it out`,
    );
}
