/** @file Strict reading of a layer's configuration: every key is read by its rule, or refused. */
import { JetError, quoted, shortText } from '@jetsdk/jets';

/** Keys that only training or bookkeeping needs, and that change no output. */
const NO_EFFECT: ReadonlySet<string> = new Set([
  'name',
  'trainable',
  'dtype',
  'batch_input_shape',
  ...['kernel', 'bias', 'depthwise', 'pointwise', 'alpha', 'beta', 'gamma', 'embeddings'].flatMap((weight) => [
    `${weight}_initializer`,
    `${weight}_regularizer`,
    `${weight}_constraint`,
  ]),
  'moving_mean_initializer',
  'moving_variance_initializer',
  'activity_regularizer',
]);

/** A layer's `config` as tfjs wrote it. Every `UNSUPPORTED` names the layer, the key and what is supported. */
export class LayerConfig {
  readonly kind: string;
  readonly name: string;
  private readonly raw: Readonly<Record<string, unknown>>;
  private readonly read = new Set<string>();

  constructor(kind: string, name: string, raw: Readonly<Record<string, unknown>>) {
    this.kind = kind;
    this.name = name;
    this.raw = raw;
  }

  /** `conv2d_1 (Conv2D)`, the beginning of every message. */
  get where(): string {
    return `${shortText(this.name, 100)} (${shortText(this.kind, 100)})`;
  }

  refuse(key: string, supported: string): JetError {
    return new JetError(
      'UNSUPPORTED',
      `${this.where}: unsupported ${key}=${quoted(this.raw[key])}; supported: ${supported}`,
      { layer: this.name, kind: this.kind, key, value: this.raw[key] },
    );
  }

  /** The value as it is; undefined and null are the same. */
  value(key: string): unknown {
    this.read.add(key);
    return this.raw[key] ?? undefined;
  }

  /** Marks keys that change no output of this layer. */
  ignore(...keys: readonly string[]): void {
    for (const key of keys) this.read.add(key);
  }

  number(key: string, fallback?: number): number {
    const value = this.value(key) ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.refuse(key, 'a number');
    return value;
  }

  integer(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    if (!Number.isInteger(value)) throw this.refuse(key, 'an integer');
    return value;
  }

  /** An integer of at least 1. */
  count(key: string): number {
    const value = this.integer(key);
    if (value < 1) throw this.refuse(key, 'an integer of at least 1');
    return value;
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.value(key) ?? fallback;
    if (typeof value !== 'boolean') throw this.refuse(key, 'true or false');
    return value;
  }

  choice<T extends string>(key: string, options: readonly T[], fallback?: T): T {
    const value = this.value(key) ?? fallback;
    const found = options.find((option) => option === value);
    if (found === undefined) throw this.refuse(key, options.join(', '));
    return found;
  }

  /** `n` integers of at least `least`; one number stands for all of them. */
  counts(key: string, n: number, fallback?: readonly number[], least = 1): number[] {
    const value = this.value(key) ?? fallback;
    const list: readonly unknown[] =
      typeof value === 'number' ? new Array(n).fill(value) : Array.isArray(value) ? value : [];
    if (list.length !== n || !list.every((one) => Number.isInteger(one) && Number(one) >= least))
      throw this.refuse(key, `${n} integers of at least ${least}`);
    return list.map(Number);
  }

  /** Checks that a value equals the only one that is supported. */
  only(key: string, supported: unknown, reason: string): void {
    const value = this.value(key);
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(supported))
      throw this.refuse(key, `${quoted(supported)} (${reason})`);
  }

  channelsLast(): void {
    this.choice('data_format', ['channels_last'], 'channels_last');
  }

  /** Refuses every key that was not read: silence is how exporters go wrong. */
  done(): void {
    const extra = Object.keys(this.raw).find((key) => !this.read.has(key) && !NO_EFFECT.has(key));
    if (extra !== undefined)
      throw this.refuse(extra, [...this.read].filter((key) => !NO_EFFECT.has(key)).join(', ') || 'no options');
  }
}
