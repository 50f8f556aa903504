/** @file Challenges as pure functions: entries, rules, ranking; for any runtime. */
export { type DecisiveFigure, type DrawnEntry, decisiveFigure, drawnEntry } from './board/decisiveFigure.js';
export { ladder } from './board/ladder.js';
export type { Entry, EntryFigures, RejectionLimit } from './board/measuredEntry.js';
export { type PublicBoard, type PublicBoardRow, publicBoard } from './board/publicBoard.js';
export type { PlaceStatistics } from './board/rankBootstrap.js';
export { type Leaderboard, type LeaderboardRow, type RankOptions, rank } from './board/ranking.js';
export type { Rejected } from './board/submissionOrder.js';
export { type EntryName, entryName, groupKey, SUBMISSION_ENDINGS } from './entry/entryName.js';
export { parseIds } from './entry/jetIds.js';
export { type JetList, namedJets, numberedJets } from './entry/jetList.js';
export { lookAlikes } from './entry/lookAlikes.js';
export {
  type Arrival,
  heldAgainstReceipt,
  RECEIPT_ENDING,
  type Receipt,
  sealed,
} from './entry/receipt.js';
export { type Flag, type FlagCode, type ScoreForm, scoreForm } from './entry/scoreFlags.js';
export { type CheckedSubmission, checkSubmission, parseSubmission, type Submission } from './entry/submission.js';
export {
  announcedHash,
  type ChallengeManifest,
  type ChallengePlan,
  type ChallengeSecret,
  type HashedFile,
  parseManifest,
  parseSecret,
  planChallenge,
} from './manifest.js';
export { completeRules, DEFAULT_RULES, type Rules } from './rules.js';
