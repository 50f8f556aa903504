/** @file A self-contained page of what is on this one. */
import { SDK_VERSION } from '@jetsdk/jets';
import { save } from './download.js';
import { loadPlots } from './plots.js';
import { byClass, classNames, tagged } from './reading.js';
import type { State } from './state.js';

export async function saveReport(state: State): Promise<void> {
  const { formatJets, report } = await loadPlots();
  const { data, survey, evaluation, recipe } = state;
  const taggers = tagged(state);
  if (data === undefined || evaluation === undefined) return;
  const names = classNames(state);
  const evaluated = taggers.flatMap((one) => (one.evaluated === undefined ? [] : [one.evaluated]));
  const ids = taggers.map(({ id }) => id);
  const page = report({
    title: `${names[1]} against ${names[0]}`,
    summary: `${ids.join(', ')} on ${formatJets(data.count)} of ${data.name}, scored in a browser.`,
    results: evaluated.map(({ result }) => result),
    curves: evaluated.map(({ curve }) => curve),
    comparisons: evaluation.comparisons.filter(({ a, b }) => ids.includes(a) && ids.includes(b)),
    scores: taggers.map(({ id, scores }) => ({ name: id, classes: byClass(state, scores) })),
    ...(survey !== undefined && {
      averageImages: {
        images: survey.averages.map(({ label, shape, pixels }) => ({ shape, pixels, title: names[label ?? 0] })),
        ...(survey.halfWidth !== undefined && { halfWidth: survey.halfWidth }),
      },
    }),
    ...(survey?.mass !== undefined && {
      observables: [{ classes: byClass(state, survey.mass), options: { label: 'Jet mass', unit: 'GeV' } }],
    }),
    facts: [
      { label: 'Jets', value: `${data.name}, ${formatJets(data.count)}, ${data.kind}` },
      ...(data.kind === 'constituents'
        ? [{ label: 'Images by', value: `recipe ${recipe}, without normalisation` }]
        : []),
      ...taggers.map(({ id, loaded: { runtime, device, threads } }) => ({
        label: id,
        value: `${runtime}, ${device}, ${threads} threads`,
      })),
      { label: 'Jet SDK', value: SDK_VERSION },
    ],
  });
  save('report.html', page, 'text/html');
}
