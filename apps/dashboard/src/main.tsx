/** @file Where the page starts. */
import { options, render } from 'preact';
import { start } from './actions.js';
import { startOffline } from './offline.js';
import { current, onChange } from './state.js';
import './style.css';
import { writeAddress, writeLinks } from './urlState.js';
import { App } from './view/App.js';

// changes are seen with the next frame, however many come before it
options.debounceRendering = requestAnimationFrame;
render(<App />, document.getElementById('page')!);

/** Browsers refuse an address that changes with every step of a slider. */
const ADDRESS_MS = 250;

let written = location.href;
void startOffline();
void start().then(() => {
  let timer: number | undefined;
  onChange(() => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      // another that was put in by hand is about to be loaded
      if (location.href !== written) return;
      history.replaceState(null, '', `${location.pathname}${writeLinks(current())}${writeAddress(current())}`);
      written = location.href;
    }, ADDRESS_MS);
  });
});
// somebody else's address, put in by hand
addEventListener('hashchange', () => location.reload());
