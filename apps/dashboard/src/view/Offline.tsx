/** @file What works without a network, and a way to have it all. */
import * as format from '../format.js';
import { keepAll } from '../offline.js';
import { usePage } from '../state.js';

export function Offline() {
  const { offline } = usePage();
  if (offline === undefined) return null;
  return (
    <div class="offline">
      {offline.kind === 'wholly' && <p>✓ Works offline.</p>}
      {offline.kind === 'partly' && (
        <>
          <p>
            {offline.problem ??
              (offline.scores
                ? 'Offline, taggers run; some file formats are still to be fetched.'
                : 'Offline, this page opens; what runs taggers is still to be fetched.')}
          </p>
          <button type="button" onClick={() => void keepAll()}>
            Keep for offline use ({format.bytes(offline.missing)})
          </button>
        </>
      )}
      {offline.kind === 'keeping' && (
        <>
          <p>
            Fetching for offline use: {format.bytes(offline.done)} of {format.bytes(offline.total)}
          </p>
          <progress aria-label="Fetching for offline use" value={offline.done} max={offline.total} />
          <button type="button" onClick={offline.stop}>
            Stop
          </button>
        </>
      )}
    </div>
  );
}
