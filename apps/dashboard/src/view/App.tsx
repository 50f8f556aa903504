/** @file The page. */
import { SDK_VERSION } from '@jetsdk/jets';
import { update, usePage } from '../state.js';
import { Board } from './Board.js';
import { Compare } from './Compare.js';
import { Data } from './Data.js';
import { Generate } from './Generate.js';
import { JetBrowser } from './JetBrowser.js';
import { JobBar } from './JobBar.js';
import { Offline } from './Offline.js';
import { PileUp } from './PileUp.js';
import { Results } from './Results.js';
import { Taggers } from './Taggers.js';

const VIEWS = [
  ['jets', 'Tag jets'],
  ['pile-up', 'Clean jets'],
  ['generate', 'Generate'],
  ['leaderboard', 'Leaderboard'],
] as const;

export function App() {
  const state = usePage();
  const { view, data } = state;
  return (
    <>
      {/* no link: what stands behind # is the state of the page */}
      <button type="button" class="skip" onClick={() => document.getElementById('main')!.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <div class="brand">
          <img src="./icon.svg" alt="" width="30" height="30" />
          <span>Jet SDK</span>
        </div>
        <nav aria-label="Views">
          {VIEWS.map(([one, label]) => (
            <button
              key={one}
              type="button"
              aria-current={view === one ? 'page' : undefined}
              onClick={() => update({ view: one })}
            >
              {label}
            </button>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {view === 'leaderboard' ? (
          <Board />
        ) : view === 'pile-up' ? (
          <PileUp />
        ) : view === 'generate' ? (
          <Generate />
        ) : (
          <>
            <Data />
            {data !== undefined && (
              <>
                <Taggers />
                <Results />
                <Compare />
                <JetBrowser />
              </>
            )}
          </>
        )}
      </main>
      <footer>
        <p>
          Jet SDK {SDK_VERSION}. Everything runs in this browser: no jet and no score leaves your machine.
          {globalThis.crossOriginIsolated
            ? ''
            : ' This page has one thread only, because its server sends no isolation headers.'}
        </p>
        <Offline />
      </footer>
      <JobBar />
    </>
  );
}
