/** @file Which jets are open. */
import { openJets, openSample } from '../actions.js';
import { signalsOf } from '../counts.js';
import * as format from '../format.js';
import { classNames } from '../reading.js';
import { usePage } from '../state.js';
import { Drop } from './Drop.js';
import { Failure } from './Failure.js';

const ACCEPT = '.h5,.hdf5,.root,.parquet,.npy,.npz';

export function Data() {
  const state = usePage();
  const { data, job, linked } = state;
  if (data === undefined)
    return (
      <section class="hero" aria-labelledby="hero">
        <img class="mark" src="./icon.svg" alt="" width="72" height="72" />
        <h1 id="hero">Tag jets in your browser</h1>
        <p class="lead">
          Open a file of jets, run taggers on it, and see what they are worth: scores, ROC curves, background rejection
          with its uncertainty. Nothing is installed and nothing is uploaded.
        </p>
        <Drop big label="Choose a file" accept={ACCEPT} onFiles={([first]) => void openJets({ file: first!.file })}>
          <p class="drop-text">Drop a file of jet images or constituents here: HDF5, ROOT, Parquet, .npy or .npz</p>
          <button type="button" class="primary" disabled={job !== undefined} onClick={() => void openSample()}>
            Try the sample
          </button>
        </Drop>
        <Failure where="data" />
      </section>
    );
  const { name, kind, count, of, jetShape, labels } = data;
  const [background, signal] = classNames(state);
  const signals = labels === undefined ? 0 : signalsOf(labels);
  return (
    <section class="data" aria-labelledby="data-heading">
      <div class="data-line">
        <h2 id="data-heading">{name}</h2>
        <ul class="chips">
          <li>
            {of === undefined ? format.plural(count, 'jet') : `${format.count(count)} of ${format.plural(of, 'jet')}`}
          </li>
          <li>
            {kind}, {jetShape.join(' × ')}
          </li>
          {labels === undefined ? (
            <li>no labels</li>
          ) : (
            <li>
              {format.count(signals)} {signal}, {format.count(count - signals)} {background}
            </li>
          )}
        </ul>
        <Drop label="Open another file" accept={ACCEPT} onFiles={([first]) => void openJets({ file: first!.file })} />
      </div>
      {linked !== undefined && (
        <p class="note">
          From {linked.address}
          {of !== undefined && ': the first jets and the last ones'}.
        </p>
      )}
      <Failure where="data" />
    </section>
  );
}
