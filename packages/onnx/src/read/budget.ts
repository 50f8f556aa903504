/** @file What a file may cost: bounds set against hostile ones. */
import { JetError } from '@jetsdk/jets';

/** Bounds set against hostile files. */
export interface DecodeLimits {
  /** bytes of the file */
  readonly bytes: number;
  readonly nodes: number;
  readonly tensors: number;
  /** axes of one tensor */
  readonly rank: number;
  /** bytes of all constants together, as they lie in memory */
  readonly tensorBytes: number;
}

const DEFAULT_LIMITS: DecodeLimits = {
  bytes: 2 ** 31 - 1,
  nodes: 100_000,
  tensors: 100_000,
  rank: 64,
  tensorBytes: 2 ** 31 - 1,
};

/** Counts what one file has cost so far. */
export class Budget {
  readonly limits: DecodeLimits;
  private nodes = 0;
  private tensors = 0;
  private tensorBytes = 0;

  constructor(limits: Partial<DecodeLimits>) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** @throws {JetError} LIMIT_EXCEEDED */
  node(): void {
    atMost('GraphProto', 'nodes', ++this.nodes, this.limits.nodes);
  }

  /** @throws {JetError} LIMIT_EXCEEDED */
  tensor(): void {
    atMost('GraphProto', 'tensors', ++this.tensors, this.limits.tensors);
  }

  /** @throws {JetError} LIMIT_EXCEEDED */
  constants(where: string, bytes: number): void {
    this.tensorBytes += bytes;
    atMost(where, 'bytes of constants', this.tensorBytes, this.limits.tensorBytes);
  }

  /** @throws {JetError} LIMIT_EXCEEDED */
  rank(where: string, axes: number): void {
    atMost(where, 'axes', axes, this.limits.rank);
  }
}

/** @throws {JetError} LIMIT_EXCEEDED */
export function atMost(where: string, what: string, got: number, limit: number): void {
  if (got > limit)
    throw new JetError('LIMIT_EXCEEDED', `${where}: ${got} ${what}; expected at most ${limit}`, { got, limit });
}
