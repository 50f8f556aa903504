import { constituentDnn } from './constituentDnn.js';
import { courseCnn } from './courseCnn.js';
import { courseDense } from './courseDense.js';
import { cvn } from './cvn.js';
import { cvnTwoView } from './cvnTwoView.js';
import { jetImagesConv } from './jetImagesConv.js';
import { jetImagesMaxout } from './jetImagesMaxout.js';
import { landscapeCnn } from './landscapeCnn.js';
import { landscapeFine } from './landscapeFine.js';
import { landscapePt } from './landscapePt.js';
import { landscapeResnet } from './landscapeResnet.js';
import type { ZooNetwork } from './network.js';
import { tutorialCnn } from './tutorialCnn.js';

export type { ZooNetwork } from './network.js';

/** Every network, by the name the command line uses. */
export const zoo = {
  'course-cnn': courseCnn,
  'course-dense': courseDense,
  'tutorial-cnn': tutorialCnn,
  'jet-images-maxout': jetImagesMaxout,
  'jet-images-conv': jetImagesConv,
  'constituent-dnn': constituentDnn,
  'landscape-cnn': landscapeCnn,
  'landscape-resnet': landscapeResnet,
  'landscape-fine': landscapeFine,
  'landscape-pt': landscapePt,
  cvn,
  'cvn-two-view': cvnTwoView,
} as const satisfies Readonly<Record<string, ZooNetwork>>;

/** A name of the zoo. */
export type NetworkName = keyof typeof zoo;
