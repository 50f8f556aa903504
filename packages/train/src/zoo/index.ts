import { courseCnn } from './courseCnn.js';
import type { ZooNetwork } from './network.js';
import { tutorialCnn } from './tutorialCnn.js';

export type { InputShape, TrainingDefaults, ZooNetwork } from './network.js';

/** Every network, by the name the command line uses. */
export const zoo: Readonly<Record<string, ZooNetwork>> = {
  'course-cnn': courseCnn,
  'tutorial-cnn': tutorialCnn,
};
