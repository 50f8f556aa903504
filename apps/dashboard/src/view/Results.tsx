/** @file What the scores are worth, and a cut that moves all pictures together. */
import type { ClassValues, RocCurve } from '@jetsdk/plots';
import { byClass, classNames, kept, type Tagged, tagged } from '../reading.js';
import { saveReport } from '../report.js';
import { type State, update, usePage } from '../state.js';
import { AverageImages } from './AverageImages.js';
import { BinPicker, SCORE_BINS } from './BinPicker.js';
import { CutBar } from './CutBar.js';
import { Figure } from './Figure.js';
import { ResultTable } from './ResultTable.js';

/** Narrower than this the legend would lie on the curves. */
const LEGEND_WIDTH = 460;

export function Results() {
  const state = usePage();
  const taggers = tagged(state);
  const [lead] = taggers;
  return (
    <section aria-labelledby="results">
      <div class="section-head">
        <h2 id="results" tabIndex={-1}>
          {lead === undefined ? 'The jets' : 'Results'}
        </h2>
        {lead?.evaluated !== undefined && (
          <button type="button" onClick={() => void saveReport(state)}>
            Save a report
          </button>
        )}
      </div>
      {lead !== undefined && <CutBar lead={lead} />}
      {lead?.evaluated !== undefined && <ResultTable taggers={taggers} />}
      <div class="figures">
        {lead !== undefined && <ScoreFigure state={state} lead={lead} />}
        {lead?.evaluated !== undefined && <RocFigure state={state} taggers={taggers} />}
        <AverageImages lead={lead} />
        <MassFigure state={state} lead={lead} />
      </div>
    </section>
  );
}

function ScoreFigure({ state, lead }: { readonly state: State; readonly lead: Tagged }) {
  const { selection, cut } = state;
  return (
    <Figure
      name={`scores-${lead.id}`}
      heading="Scores"
      caption="Click a bin, or walk with the arrow keys and press Enter, to see its jets below."
      draw={(plots, options) =>
        plots.scoreDistribution(byClass(state, lead.scores), {
          ...options,
          bins: SCORE_BINS,
          range: [0, 1],
          log: true,
          threshold: cut,
          heading: lead.id,
        })
      }
      of={[lead.id, lead.scores, cut]}
      over={([frame]) => <BinPicker frame={frame} scores={lead.scores} selection={selection} />}
    />
  );
}

/** The curve of a tagger with its cut as the working point. */
function atCut(one: Tagged): RocCurve[] {
  const passes = kept(one);
  if (one.evaluated === undefined || passes === undefined) return [];
  const { signalEfficiency, background, backgroundEfficiency } = passes;
  const workingPoints = background === 0 ? [] : [{ signalEfficiency, rejection: 1 / backgroundEfficiency }];
  return [{ ...one.evaluated.curve, workingPoints }];
}

function RocFigure({ state, taggers }: { readonly state: State; readonly taggers: readonly Tagged[] }) {
  const { rocAxes: axes, evaluation, chosen, cut } = state;
  const other = axes === 'landscape' ? 'classic' : 'landscape';
  return (
    <Figure
      name="roc"
      heading={axes === 'landscape' ? 'Background rejection' : 'ROC curve'}
      tools={
        <button type="button" class="quiet" onClick={() => update({ rocAxes: other })}>
          {axes === 'landscape' ? 'As TPR against FPR' : 'As 1/ε against ε'}
        </button>
      }
      caption={
        taggers.length > 1
          ? 'Circles mark the cut, for each tagger where it keeps as much signal as the leading one.'
          : 'The circle marks the cut.'
      }
      draw={(plots, options) =>
        plots.rocCurve(taggers.flatMap(atCut), { ...options, width: Math.max(LEGEND_WIDTH, options.width), axes })
      }
      of={[axes, evaluation, chosen, cut]}
    />
  );
}

function MassFigure({ state, lead }: { readonly state: State; readonly lead: Tagged | undefined }) {
  const { survey, data } = state;
  const mass = survey?.mass;
  if (mass === undefined) return null;
  const cut = lead?.cut;
  const draw = (): ClassValues[] => {
    const all = byClass(state, mass);
    if (lead === undefined) return all;
    const passing = classNames(state).flatMap((name, label): ClassValues[] => {
      if (data?.labels !== undefined) {
        const values = Array.from(mass).filter((_, jet) => data.labels![jet] === label && lead.scores[jet] >= lead.cut);
        return values.length === 0 ? [] : [{ name: `${name} after the cut`, values }];
      }
      const values = Array.from(mass).filter((_, jet) => lead.scores[jet] >= lead.cut);
      return label === 0 && values.length > 0 ? [{ name: 'after the cut', values }] : [];
    });
    return [...all, ...passing];
  };
  return (
    <Figure
      name="mass"
      heading="Jet mass"
      caption={
        lead === undefined
          ? 'Each class normalised to one.'
          : 'Each class normalised to one, with and without the cut: where the background after the cut looks like signal, the tagger has learned the mass.'
      }
      draw={(plots, options) =>
        plots.histogram(draw(), {
          ...options,
          width: Math.max(LEGEND_WIDTH, options.width),
          label: 'Jet mass (GeV)',
          unit: 'GeV',
          bins: 50,
          range: massRange(mass),
        })
      }
      of={[mass, lead?.scores, cut]}
    />
  );
}

/** From 0 to where nearly all jets are, in steps of 50 GeV. */
function massRange(mass: Float64Array): [number, number] {
  const sorted = mass.slice().sort();
  const high = sorted[Math.floor(0.995 * (sorted.length - 1))];
  return [0, Math.max(50, Math.ceil(high / 50) * 50)];
}
