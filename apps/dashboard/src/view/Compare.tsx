/** @file Several taggers on the same jets: who is better, and where they disagree. */
import { verdicts } from '../counts.js';
import * as format from '../format.js';
import { classNames, otherCut, type Tagged, tagged } from '../reading.js';
import { type Selection, update, usePage } from '../state.js';
import { Of } from './Of.js';
import { Scroll } from './Scroll.js';

export function Compare() {
  const state = usePage();
  const taggers = tagged(state);
  const [lead, ...others] = taggers;
  const { evaluation } = state;
  if (lead === undefined || others.length === 0 || evaluation === undefined) return null;
  const shown = evaluation.comparisons.filter(({ a, b }) => [a, b].every((id) => taggers.some((one) => one.id === id)));
  return (
    <section aria-labelledby="compare">
      <div class="section-head">
        <h2 id="compare">Comparison</h2>
      </div>
      <div class="figures">
        <div class="card">
          <h3>Paired tests</h3>
          <Scroll label="Paired tests">
            <table class="folds">
              <caption>
                <span>DeLong’s test of the difference in AUC on the same jets.</span>
              </caption>
              <thead>
                <tr>
                  <th scope="col">Difference of</th>
                  <th scope="col">AUC</th>
                  <th scope="col">z</th>
                  <th scope="col">p</th>
                </tr>
              </thead>
              <tbody>
                {shown.map(({ a, b, difference, stdErr, z, pValue }) => (
                  <tr key={`${a} ${b}`}>
                    <th scope="row">
                      {a} − {b}
                    </th>
                    <td>
                      <Of>AUC</Of>
                      {format.share(difference)} <small>± {format.share(stdErr)}</small>
                    </td>
                    <td>
                      <Of>z</Of>
                      {format.minus(z.toFixed(1))}
                    </td>
                    <td>
                      <Of>p</Of>
                      {format.pValue(pValue)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </div>
        {others.map((other) => (
          <Verdicts key={other.id} lead={lead} other={other} />
        ))}
      </div>
    </section>
  );
}

function Verdicts({ lead, other }: { readonly lead: Tagged; readonly other: Tagged }) {
  const state = usePage();
  const labels = state.data!.labels!;
  const names = classNames(state);
  const counted = verdicts(labels, lead, other, otherCut(lead, other));
  const rows = [
    [true, true, 'both', 'both pass'],
    [true, false, 'onlyLead', `only ${lead.id} passes`],
    [false, true, 'onlyOther', `only ${other.id} passes`],
    [false, false, 'neither', 'neither passes'],
  ] as const;
  return (
    <div class="card">
      <h3>
        {lead.id} and {other.id}
      </h3>
      <Scroll label={`Verdicts of ${lead.id} and ${other.id}`}>
        <table class="verdicts">
          <caption>
            <span>Jets by verdict, both taggers at the same signal efficiency. A number shows its jets below.</span>
          </caption>
          <thead>
            <tr>
              <td />
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([leadPasses, passes, verdict, text]) => (
              <tr key={text}>
                <th scope="row">{text}</th>
                {([0, 1] as const).map((label) => {
                  const selection: Selection = { kind: 'verdict', other: other.id, lead: leadPasses, passes, label };
                  const chosen = JSON.stringify(state.selection) === JSON.stringify(selection);
                  const jets = counted[label][verdict];
                  return (
                    <td key={label}>
                      <button
                        type="button"
                        class="quiet"
                        aria-pressed={chosen}
                        aria-label={`${format.plural(jets, `${names[label]} jet`)}: ${text}`}
                        onClick={() => update({ selection: chosen ? { kind: 'all' } : selection, at: 0 })}
                      >
                        {format.count(jets)}
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}
