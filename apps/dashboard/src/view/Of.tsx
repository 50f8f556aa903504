/** @file The title of a column in a cell: seen on a phone, where the rows of a table with the class `folds` fold. */
import type { ComponentChildren } from 'preact';

export function Of({ children }: { readonly children: ComponentChildren }) {
  return (
    <span class="of" aria-hidden="true">
      {children}{' '}
    </span>
  );
}
