/** @file Challenges on disk, for Node.js. */
export {
  MANIFEST_FILE,
  openChallenge,
  openSecret,
  PUBLIC_FOLDER,
  type PublicChallenge,
  receiptKey,
  SECRET_FILE,
  SECRET_FOLDER,
  type SecretChallenge,
  SUBMISSIONS_FOLDER,
} from './challengeFolder.js';
export { type InitOptions, initChallenge } from './initChallenge.js';
export { type BoardName, publicBoardOfFolder, type RankFolderOptions, rankFolder, type Truth } from './rankFolder.js';
export {
  readSubmissionBytes,
  readSubmissions,
  type SubmissionFolder,
  submit,
} from './submissionFolder.js';
