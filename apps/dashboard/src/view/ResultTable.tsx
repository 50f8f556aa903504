/** @file The figures of each tagger, and what they must not be quoted without. */
import * as format from '../format.js';
import type { Tagged } from '../reading.js';
import { Scroll } from './Scroll.js';

export function ResultTable({ taggers }: { readonly taggers: readonly Tagged[] }) {
  const results = taggers.flatMap(({ evaluated }) => (evaluated === undefined ? [] : [evaluated.result]));
  const efficiencies = [0.3, 0.5, 0.7];
  const warnings = new Map(results.flatMap((one) => one.warnings.map(({ message }) => [message, one.name] as const)));
  return (
    <div class="card">
      <Scroll label="Figures of each tagger">
        <table>
          <caption>Intervals of one standard deviation; k background jets pass.</caption>
          <thead>
            <tr>
              <th scope="col">Tagger</th>
              <th scope="col">AUC</th>
              <th scope="col">Accuracy</th>
              {efficiencies.map((at) => (
                <th key={at} scope="col">
                  1/ε<sub>B</sub> at ε<sub>S</sub> = {at}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {results.map((result) => (
              <tr key={result.name}>
                <th scope="row">{result.name}</th>
                <td>
                  {format.share(result.auc)} <small>± {format.share(result.aucStdErr)}</small>
                </td>
                <td>{format.share(result.accuracy)}</td>
                {efficiencies.map((at) => {
                  const point = result.rejection.find(({ signalEfficiency }) => signalEfficiency === at);
                  return (
                    <td key={at}>
                      {point === undefined ? (
                        '–'
                      ) : (
                        <>
                          <b>{format.rejection(point.rejection)}</b>{' '}
                          <small>
                            {format.interval(point)}, k = {format.count(point.falsePositives)}
                          </small>
                        </>
                      )}
                    </td>
                  );
                })}
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
