/** @file What went wrong, in the words of the command line. */
import { type Failure as Shown, update, usePage } from '../state.js';

export function Failure({ where }: { readonly where: Shown['where'] }) {
  const { failure } = usePage();
  if (failure?.where !== where) return null;
  return (
    <div class="failure" role="alert">
      <p title={failure.code}>{failure.message}</p>
      <button type="button" class="quiet" aria-label="Dismiss" onClick={() => update({ failure: undefined })}>
        ×
      </button>
    </div>
  );
}
