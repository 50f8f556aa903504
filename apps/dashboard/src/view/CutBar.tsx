/** @file The cut on the leading tagger's score, and what it keeps. */
import { passingOf } from '../counts.js';
import * as format from '../format.js';
import { classNames, kept, type Tagged } from '../reading.js';
import { type Selection, update, usePage } from '../state.js';
import { SLIDER_STEPS } from '../work/cutSteps.js';

export function CutBar({ lead }: { readonly lead: Tagged }) {
  const state = usePage();
  const { cut } = state;
  const [background, signal] = classNames(state);
  const passes = kept(lead);
  return (
    <div class="cut">
      <label>
        <span>
          Cut on <strong>{lead.id}</strong>
        </span>
        <input
          type="range"
          min="0"
          max="1"
          step={1 / SLIDER_STEPS}
          value={cut}
          aria-valuetext={`score ${cut.toFixed(3)}`}
          onInput={(event) => update({ cut: Number(event.currentTarget.value) })}
        />
      </label>
      <dl class="cut-figures">
        <div>
          <dt>score ≥</dt>
          <dd>{cut.toFixed(3)}</dd>
        </div>
        {passes === undefined ? (
          <div>
            <dt>pass</dt>
            <dd>
              <Those what="jets that pass" jets={passingOf(lead.scores, cut)} passes label={undefined} /> of{' '}
              {format.count(lead.scores.length)}
            </dd>
          </div>
        ) : (
          <>
            <div>
              <dt>
                ε<sub>S</sub>
              </dt>
              <dd>{passes.signalEfficiency.toFixed(3)}</dd>
            </div>
            <div>
              <dt>
                1/ε<sub>B</sub>
              </dt>
              <dd>
                {passes.interval.high === undefined ? (
                  `> ${format.rejection(passes.interval.low)}`
                ) : (
                  <>
                    {format.rejection(1 / passes.backgroundEfficiency)}{' '}
                    <small>
                      {format.rejection(passes.interval.low)} – {format.rejection(passes.interval.high)}
                    </small>
                  </>
                )}
              </dd>
            </div>
            <div>
              <dt>signal rejected</dt>
              <dd>
                <Those
                  what={`${signal} jets rejected`}
                  jets={lead.evaluated!.cuts.ofSignal.jets - passes.signal}
                  passes={false}
                  label={1}
                />
              </dd>
            </div>
            <div>
              <dt>background passing</dt>
              <dd>
                <Those what={`${background} jets that pass`} jets={passes.background} passes label={0} />
              </dd>
            </div>
          </>
        )}
      </dl>
    </div>
  );
}

/** A number of jets that shows them. */
function Those(props: {
  readonly what: string;
  readonly jets: number;
  readonly passes: boolean;
  readonly label: 0 | 1 | undefined;
}) {
  const { what, jets, passes, label } = props;
  const { selection } = usePage();
  const shown = selection.kind === 'side' && selection.passes === passes && selection.label === label;
  const next: Selection = shown ? { kind: 'all' } : { kind: 'side', passes, label };
  return (
    <button
      type="button"
      class="quiet"
      aria-pressed={shown}
      aria-label={`${format.count(jets)}: show the ${what}`}
      onClick={() => update({ selection: next, at: 0 })}
    >
      {format.count(jets)}
    </button>
  );
}
