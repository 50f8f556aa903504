/** @file What is being done, how far it is, and a way to stop it. */
import * as format from '../format.js';
import { type Job, usePage } from '../state.js';

export function JobBar() {
  const { job } = usePage();
  return (
    <div class="job" role="status" aria-live="polite" data-busy={job !== undefined}>
      {job !== undefined && (
        <div class="job-inner">
          <div class="job-text">
            <strong>{job.what}</strong>
            <span aria-hidden="true">{far(job)}</span>
          </div>
          <progress aria-label={job.what} {...(job.total !== undefined && { value: job.done, max: job.total })} />
          <button type="button" onClick={job.cancel}>
            Cancel
          </button>
        </div>
      )}
    </div>
  );
}

function far({ done, total, unit, started }: Job): string {
  if (done === 0) return '';
  if (unit === 'bytes')
    return total === undefined ? format.bytes(done) : `${format.bytes(done)} of ${format.bytes(total)}`;
  const seconds = (performance.now() - started) / 1000;
  const rate = unit === 'jets' && seconds > 0.2 ? `, ${format.count(Math.round(done / seconds))} jets/s` : '';
  return `${format.count(done)}${total === undefined ? '' : ` of ${format.count(total)}`}${rate}`;
}
