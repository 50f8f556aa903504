/**
 * What stands for ε_B between two cuts.
 * `interpolated`: the straight line between them, as in arXiv:1902.09914; where a cut hits ε_S exactly and looser ones
 * let only more background pass, the loosest of these.
 * `conservative`: the first cut, from the tightest, that keeps at least ε_S.
 * `nearest`: the cut that keeps a positive fraction nearest to ε_S; the larger one of two equally near, and the
 * tightest of those that keep the same.
 */
export type RejectionEstimator = 'interpolated' | 'conservative' | 'nearest';

export const REJECTION_ESTIMATORS: readonly RejectionEstimator[] = ['interpolated', 'conservative', 'nearest'];
