/** @file What the scores are worth, and a cut that moves all pictures together. */
import type { FrameBox, RocCurve } from '@jetsdk/plots';
import { massBins, SCORE_BINS, scoreBins } from '../counts.js';
import { placed } from '../geometry.js';
import { classNames, kept, type Tagged, tagged } from '../reading.js';
import { saveReport } from '../report.js';
import { type State, update, usePage } from '../state.js';
import { AverageImages } from './AverageImages.js';
import { BinPicker } from './BinPicker.js';
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
  const { selection, cut, data } = state;
  const names = data?.labels === undefined ? ['all jets'] : classNames(state);
  const bins = scoreBins(lead.scores, data?.labels, names);
  const inBins = Array.from({ length: SCORE_BINS }, (_, bin) =>
    bins.classes.reduce((sum, { counts }) => sum + counts[bin], 0),
  );
  return (
    <Figure
      name={`scores-${lead.id}`}
      heading="Scores"
      caption="Click a bin, or walk with the arrow keys and press Enter, to see its jets below."
      draw={(plots, options, taken) =>
        plots.binnedScores(bins, {
          ...options,
          log: true,
          ...(taken && { threshold: cut }),
          heading: lead.id,
        })
      }
      of={[lead.id, lead.scores, names.join()]}
      over={([frame]) => (
        <>
          {frame !== undefined && (
            <div class="cut-line" style={placed({ ...spot(frame, cut, 1), height: frame.height })} />
          )}
          <BinPicker frame={frame} counts={inBins} selection={selection} />
        </>
      )}
    />
  );
}

/** A place in a frame, from its lower left corner. */
const spot = (frame: FrameBox, x: number, y: number): FrameBox => ({
  left: frame.left + frame.width * x,
  top: frame.top + frame.height * (1 - y),
  width: 0,
  height: 0,
});

/** The curve of a tagger with its cut as the working point. */
function atCut(one: Tagged): RocCurve[] {
  const passes = kept(one);
  if (one.evaluated === undefined || passes === undefined) return [];
  const { signalEfficiency, background, backgroundEfficiency } = passes;
  const workingPoints = background === 0 ? [] : [{ signalEfficiency, rejection: 1 / backgroundEfficiency }];
  return [{ ...one.evaluated.curve, workingPoints }];
}

/** Circles where the cuts are, which move over the curves. */
function Circles({
  curves,
  frame,
  top,
}: {
  readonly curves: readonly RocCurve[];
  readonly frame: FrameBox;
  readonly top: number | undefined;
}) {
  return curves.flatMap(({ name, workingPoints = [] }) =>
    workingPoints.map(({ signalEfficiency, rejection }) => {
      const at =
        top === undefined
          ? spot(frame, 1 / rejection, signalEfficiency)
          : spot(frame, signalEfficiency, Math.log10(rejection) / Math.log10(top));
      return <div key={name} class="cut-circle" style={placed(at)} />;
    }),
  );
}

function RocFigure({ state, taggers }: { readonly state: State; readonly taggers: readonly Tagged[] }) {
  const { rocAxes: axes, evaluation, chosen } = state;
  const curves = taggers.flatMap(atCut);
  const bare = curves.map((curve): RocCurve => ({ ...curve, workingPoints: [] }));
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
      draw={(plots, options, taken) =>
        plots.rocCurve(taken ? curves : bare, { ...options, width: Math.max(LEGEND_WIDTH, options.width), axes })
      }
      of={[axes, evaluation, chosen]}
      over={([frame], { rejectionTop }) =>
        frame !== undefined && (
          <Circles curves={curves} frame={frame} top={axes === 'landscape' ? rejectionTop(bare) : undefined} />
        )
      }
    />
  );
}

function MassFigure({ state, lead }: { readonly state: State; readonly lead: Tagged | undefined }) {
  const { survey, data } = state;
  const mass = survey?.mass;
  if (mass === undefined) return null;
  const names = data?.labels === undefined ? ['all jets'] : classNames(state);
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
        plots.binnedHistogram(massBins(mass, data?.labels, names, lead), {
          ...options,
          width: Math.max(LEGEND_WIDTH, options.width),
          label: 'Jet mass',
          unit: 'GeV',
        })
      }
      of={[mass, lead?.scores, lead?.cut, names.join()]}
    />
  );
}
