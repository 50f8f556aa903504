/** @file What `eval` is asked for, and the columns that it reads. */
import type { RejectionEstimator } from '@jetsdk/eval';
import type { ColumnOptions } from '@jetsdk/jets/files';
import { withOptionNames } from '../optionNames.js';
import type { Layout } from '../options.js';
import type { ScoreAxis } from '../scoreAxis.js';

/** What `eval` is asked for. */
export interface EvalFlags {
  readonly labels: readonly string[];
  readonly scores: readonly string[];
  readonly weights?: readonly string[];
  readonly mass?: readonly string[];
  /** none, one for all files of scores, or one for each */
  readonly column: readonly string[];
  readonly labelColumn?: string;
  /** of the files of labels */
  readonly layout?: Layout;
  readonly signal?: string;
  readonly weightColumn?: string;
  readonly massColumn?: string;
  readonly classes?: readonly string[];
  readonly signalEfficiency: readonly number[];
  readonly estimator: RejectionEstimator;
  readonly json?: true;
  readonly report?: string;
  readonly scoreAxis?: ScoreAxis;
}

/** Reads a column; where that fails, the option is called as here. */
export function inColumn<T>(
  flag: string,
  column: string | undefined,
  read: (options: ColumnOptions) => Promise<T>,
): Promise<T> {
  return withOptionNames({ column: `--${flag}` }, () => read(column === undefined ? {} : { column }));
}

/** How labels are found in tables. */
export const layoutOf = ({ layout }: EvalFlags): { readonly layout?: Layout } =>
  layout === undefined ? {} : { layout };
