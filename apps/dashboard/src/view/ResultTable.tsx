/** @file The figures of each tagger, and what they must not be quoted without. */
import { backgroundRejectionOf } from '@jetsdk/eval';
import { isJetError } from '@jetsdk/jets';
import * as format from '../format.js';
import type { Tagged } from '../reading.js';
import { update, usePage } from '../state.js';
import type { Evaluated } from '../work/evaluation.js';
import { Of } from './Of.js';
import { Scroll } from './Scroll.js';

const USUAL = [0.3, 0.5, 0.7];

export function ResultTable({ taggers }: { readonly taggers: readonly Tagged[] }) {
  const { efficiency } = usePage();
  const evaluated = taggers.flatMap((one) => one.evaluated ?? []);
  const warnings = new Map(
    evaluated.flatMap(({ result }) => result.warnings.map(({ message }) => [message, result.name] as const)),
  );
  return (
    <div class="card">
      <Scroll label="Figures of each tagger">
        <table class="folds">
          <caption>
            <span>
              Intervals of one standard deviation; k background jets pass; where none passes, the limit at 95 %.
            </span>
          </caption>
          <thead>
            <tr>
              <th scope="col">Tagger</th>
              <th scope="col">AUC</th>
              <th scope="col">Accuracy</th>
              {USUAL.map((at) => (
                <th key={at} scope="col">
                  <RejectionAt /> {at}
                </th>
              ))}
              <th scope="col">
                <RejectionAt />{' '}
                <input
                  type="number"
                  aria-label="Signal efficiency of this column"
                  min="0.01"
                  max="1"
                  step="0.01"
                  value={efficiency}
                  onInput={({ currentTarget: { valueAsNumber: at } }) => {
                    if (at > 0 && at <= 1) update({ efficiency: at });
                  }}
                />
              </th>
            </tr>
          </thead>
          <tbody>
            {evaluated.map((one) => (
              <tr key={one.result.name}>
                <th scope="row">{one.result.name}</th>
                <td>
                  <Of>AUC</Of>
                  {format.share(one.result.auc)} <small>± {format.share(one.result.aucStdErr)}</small>
                </td>
                <td>
                  <Of>Accuracy</Of>
                  {format.share(one.result.accuracy)}
                </td>
                {[...USUAL, efficiency].map((at, i) => (
                  <td key={i === USUAL.length ? 'chosen' : at}>
                    <Of>
                      <RejectionAt /> {at}
                    </Of>
                    <Rejection of={one} at={at} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {warnings.size > 0 && (
        <details>
          <summary>{format.plural(warnings.size, 'thing')} to know before quoting these figures</summary>
          <ul class="warnings">
            {[...warnings].map(([message, name]) => (
              <li key={message}>
                <strong>{name}</strong>: {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

const RejectionAt = () => (
  <>
    1/ε<sub>B</sub> at ε<sub>S</sub> =
  </>
);

function Rejection({ of: { cuts }, at }: { readonly of: Evaluated; readonly at: number }) {
  try {
    const point = backgroundRejectionOf(cuts, { signalEfficiency: at });
    return (
      <>
        <b>{format.rejection(point.rejection)}</b>{' '}
        <small>
          {format.interval(point)}, k = {format.count(point.falsePositives)}
        </small>
      </>
    );
  } catch (error) {
    if (!isJetError(error, 'DEGENERATE_METRIC') || error.details.lowerBound === undefined) throw error;
    return <>&gt; {format.rejection(error.details.lowerBound)}</>;
  }
}
