/** @file The page that a challenge hands out. */
import { formatCount } from '@jetsdk/jets';
import type { ChallengeManifest } from '../manifest.js';

/** A valid entry of random scores, to look at. */
export const EXAMPLE_ENTRY = 'example__random.npy';

/** 2027-01-31 23:59:59 UTC */
const inWords = (time: string): string => time.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');

/** `public/README.md`: all that a participant must know. */
export function challengeReadme({ title, count, kind, jetShape, rules, publicFraction }: ChallengeManifest): string {
  const { metric, signalEfficiency, limitPerGroup, perDay, opens, deadline } = rules;
  const what =
    metric === 'auc'
      ? 'the area under the ROC curve (AUC)'
      : `the background rejection 1/ε_B at a signal efficiency ε_S = ${signalEfficiency}`;
  const shape = jetShape.join(', ');
  const dates = [
    ...(opens === undefined ? [] : [`Opens ${inWords(opens)}.`]),
    ...(deadline === undefined ? [] : [`Deadline ${inWords(deadline)}; later entries are flagged.`]),
  ];
  return `# ${title}

Give each of ${formatCount(count)} jets a score: the higher, the more signal-like. Which jets are signal is not told.

| file | what it is |
|---|---|
| \`jets.h5\` | the jets, ${kind} of shape (${shape}) each, without labels |
| \`ids.csv\` | their ids, in the same order |
| \`challenge.json\` | the rules, for programs |
| \`${EXAMPLE_ENTRY}\` | a valid entry, of random scores |

## An entry

A file \`<group>__<network>.npy\` with ${formatCount(count)} finite numbers, float32 or float64, in the order of \`jets.h5\`; or the same as
\`.npz\`, or as \`.csv\` with the columns \`id,score\` in any order. In Python:

\`\`\`python
import h5py
import numpy as np
jets = h5py.File("jets.h5")["${kind}"][:]  # ${[count, ...jetShape].join(' × ')}${kind === 'constituents' ? ': E, px, py, pz in GeV, padded with zeros' : ''}
scores = np.random.rand(len(jets)).astype("float32")  # those of your network
np.save("mygroup__mynet.npy", scores)
\`\`\`

In JavaScript:

\`\`\`js
import { writeFileSync } from 'node:fs'; import { writeNpy } from '@jetsdk/jets/npy';
const data = Float32Array.from({ length: ${count} }, Math.random); // those of your network
writeFileSync('mygroup__mynet.npy', writeNpy({ dtype: 'float32', shape: [${count}], data }));
\`\`\`

\`jetsdk challenge check mygroup__mynet.npy --challenge .\` in this folder says whether it will be accepted.

## Rules

- What counts is ${what}, on ${publicFraction > 0 ? `the private ${Math.round(100 * (1 - publicFraction))} % of the jets; the others are on the public board` : 'all jets'}.
- At most ${limitPerGroup} entries per group${perDay === undefined ? '' : `, ${perDay} per day (UTC)`}; the earliest count. Groups that differ only in case or spaces are one.
- Of equal entries the earlier is ahead.${dates.map((line) => `\n- ${line}`).join('')}
- An entry counts as it was when its receipt was made: one that was changed, or has no receipt, stands behind all others.
`;
}
