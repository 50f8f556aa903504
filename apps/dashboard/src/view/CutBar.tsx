/** @file The cut on the leading tagger's score, and what it keeps. */
import * as format from '../format.js';
import { kept, type Tagged } from '../reading.js';
import { update, usePage } from '../state.js';

export function CutBar({ lead }: { readonly lead: Tagged }) {
  const { cut } = usePage();
  const passes = kept(lead);
  const all = lead.scores.reduce((sum, score) => sum + (score >= cut ? 1 : 0), 0);
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
          step="0.001"
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
              {format.count(all)} of {format.count(lead.scores.length)}
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
              <dt>background passing</dt>
              <dd>{format.count(passes.background)}</dd>
            </div>
          </>
        )}
      </dl>
    </div>
  );
}
