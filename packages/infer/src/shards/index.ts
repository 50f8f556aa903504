export { type DataFile, describeData, type ReadingOptions, scoreFiles } from './dataFiles.js';
export { type ShardManifest, shardPaths, type Work } from './manifest.js';
export { type MergedScores, mergeShards } from './mergeShards.js';
export { type ScoredRows, type ScoreRowsOptions, scoreRows } from './scoreRows.js';
export { jetsOf, type ScoredShard, type ShardOptions, scoreShard } from './scoreShard.js';
export { type JetRange, parseShard, type Shard, shardRange } from './shardRange.js';
export { type ScoreFile, writeScores } from './writeScores.js';
