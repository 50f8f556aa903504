/** @file The leaderboard of a folder of submissions. */
import { drawnEntry, type LeaderboardRow, type Rules } from '@jetsdk/eval/challenge';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { rankFiles } from '../actions.js';
import { save } from '../download.js';
import * as format from '../format.js';
import { update, usePage } from '../state.js';
import type { Ranked } from '../work/rank.worker.js';
import { Drop } from './Drop.js';
import { Failure } from './Failure.js';
import { Figure } from './Figure.js';
import { Of } from './Of.js';
import { Scroll } from './Scroll.js';

export function Board() {
  const { ranked } = usePage();
  return (
    <section class={ranked === undefined ? 'hero' : ''} aria-labelledby="board">
      <h1 id="board">Leaderboard</h1>
      <p class="lead">
        Drop a challenge folder, or any folder with <code>labels.npy</code> and submissions named{' '}
        <code>group__network.npy</code>, <code>.npz</code> or <code>.csv</code>. It is ranked as{' '}
        <code>jetsdk challenge rank</code> does, in this browser.
      </p>
      <Drop label="Choose a folder" folder big={ranked === undefined} onFiles={(files) => void rankFiles(files)}>
        <p class="drop-text">Drop a folder here</p>
      </Drop>
      <Failure where="leaderboard" />
      {ranked !== undefined && <Ranking {...ranked} />}
    </section>
  );
}

/** The best entry of each group, or all of them. */
const CHOICES = ['best of each group', 'all entries'] as const;

function Ranking({ ranking, labelsFile }: Ranked) {
  const [choice, choose] = useState<(typeof CHOICES)[number]>('all entries');
  const { leaderboard: all, rejected, rules, jets, signal, background, board, title } = ranking;
  const best = all.filter(({ bestOfGroup }) => bestOfGroup);
  const leaderboard = choice === 'all entries' ? all : best;
  const columns = columnsOf(rules);
  const flagged = leaderboard.filter(({ flags }) => flags.length > 0);
  return (
    <>
      <div class="section-head">
        {title !== undefined && <h2>{title}</h2>}
        <p class="muted">
          {all.length === 1 ? '1 entry' : `${format.count(all.length)} entries`} on {format.count(jets)} jets (
          {format.count(signal)} signal, {format.count(background)} background) of {labelsFile}, {board} jets; ranked by{' '}
          {rules.metric === 'auc' ? 'AUC' : `background rejection at a signal efficiency of ${rules.signalEfficiency}`}.
        </p>
        <button
          type="button"
          onClick={() => save('leaderboard.json', `${JSON.stringify(ranking, null, 2)}\n`, 'application/json')}
        >
          Save leaderboard.json
        </button>
        <button type="button" class="quiet" onClick={() => update({ ranked: undefined })}>
          Clear
        </button>
      </div>
      <Figure
        name="leaderboard"
        tools={
          best.length < all.length && (
            <fieldset class="choice">
              <legend>Show</legend>
              {CHOICES.map((one) => (
                <label key={one}>
                  <input type="radio" name="entries" checked={choice === one} onChange={() => choose(one)} />
                  <span>{one}</span>
                </label>
              ))}
            </fieldset>
          )
        }
        heading={rules.metric === 'auc' ? 'Ranking by AUC' : 'Ranking by background rejection'}
        widest={1100}
        caption="Entries behind one bracket are not separated by the paired test: their order may be chance."
        draw={(plots, options) =>
          plots.leaderboard(
            leaderboard.map((row) => ({ ...drawnEntry(row, rules), name: nameOf(row) })),
            rules.metric === 'auc'
              ? options
              : { ...options, metric: `1/ε_{B} at ε_{S} = ${rules.signalEfficiency}`, decimals: 1 },
          )
        }
        of={[ranking, choice]}
      />
      <div class="card">
        <Scroll label="Leaderboard">
          <table class="folds">
            <caption>
              <span>
                Places hold for 95 % of the bootstrap replicas; entries of one tie group are not separated at 68 / 95 %.
              </span>
            </caption>
            <thead>
              <tr>
                <th scope="col">Rank</th>
                <th scope="col">Group</th>
                {columns.map(({ key, title }) => (
                  <th key={key} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {leaderboard.map((row) => (
                <tr key={row.file}>
                  <td>{row.rank}</td>
                  <th scope="row">{row.group}</th>
                  {columns.map(({ key, title, cell }) => {
                    const said = cell(row);
                    if (said === '') return <td key={key} />;
                    return (
                      <td key={key}>
                        <Of>{title}</Of>
                        {said}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
        {flagged.length > 0 && (
          <details>
            <summary>Why entries are flagged</summary>
            <ul class="warnings">
              {flagged.flatMap(({ file, flags }) =>
                flags.map(({ code, evidence }) => (
                  <li key={`${file} ${code}`}>
                    <strong>{file}</strong>: {code}: {evidence}
                  </li>
                )),
              )}
            </ul>
          </details>
        )}
        {rejected.length > 0 && (
          <details open>
            <summary>{format.plural(rejected.length, 'file')} not ranked</summary>
            <ul class="warnings">
              {rejected.map(({ file, reason }) => (
                <li key={`${file} ${reason}`}>{reason}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </>
  );
}

interface Column {
  readonly key: string;
  readonly title: ComponentChildren;
  readonly cell: (row: LeaderboardRow) => ComponentChildren;
}

/** What the table has of an entry beside its rank and its group. */
function columnsOf({ metric, signalEfficiency }: Rules): readonly Column[] {
  const rejection = (
    <>
      1/ε<sub>B</sub>
    </>
  );
  return [
    { key: 'network', title: 'Network', cell: ({ network }) => network },
    {
      key: 'auc',
      title: 'AUC',
      cell: ({ auc, aucStdErr }) => (
        <>
          {format.share(auc)} <small>± {format.share(aucStdErr)}</small>
        </>
      ),
    },
    {
      key: 'rejection',
      title: (
        <>
          {rejection} at ε<sub>S</sub> = {signalEfficiency}
        </>
      ),
      cell: (row) => rejectionOf(row, signalEfficiency),
    },
    metric === 'auc'
      ? { key: 'by', title: <>By {rejection}</>, cell: ({ rejectionRank }) => rejectionRank }
      : { key: 'by', title: 'By AUC', cell: ({ aucRank }) => aucRank },
    {
      key: 'places',
      title: 'Places',
      cell: ({ rankInterval: { low, high } }) => (low === high ? low : `${low} – ${high}`),
    },
    { key: 'first', title: 'First', cell: ({ firstProbability }) => `${Math.round(100 * firstProbability)} %` },
    { key: 'ties', title: 'Ties', cell: ({ tieGroup68, tieGroup95 }) => `${tieGroup68} / ${tieGroup95}` },
    { key: 'flags', title: 'Flags', cell: ({ flags }) => flags.map(({ code }) => code).join(', ') },
  ];
}

const nameOf = ({ group, network }: LeaderboardRow): string => (group === network ? group : `${group} / ${network}`);

function rejectionOf({ rejection, rejectionLimits = [] }: LeaderboardRow, at: number): string {
  const point = rejection.find(({ signalEfficiency }) => signalEfficiency === at);
  if (point !== undefined) return `${format.rejection(point.rejection)} (${format.interval(point)})`;
  const limit = rejectionLimits.find(({ signalEfficiency }) => signalEfficiency === at);
  return limit === undefined ? '–' : `> ${format.rejection(limit.lowerBound)}`;
}
