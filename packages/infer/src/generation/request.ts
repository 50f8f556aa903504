/** @file What a caller asks a generator for. */
import {
  argumentText,
  type GeneratorCard,
  JetError,
  normalNoise,
  type Progress,
  rowsOf,
  type Tensor,
  uniformConditions,
} from '@jetsdk/jets';

/** The same for all, drawn evenly from a range (its ends included where only whole numbers are allowed), or one each. */
export type ConditionValue = number | { readonly low: number; readonly high: number } | ArrayLike<number>;

export interface GenerateOptions {
  /** of the noise, an integer in [0, 2³²) */
  readonly seed?: number;
  /** number of the first one, default 0: row i of a seed is the same whatever is generated with it */
  readonly first?: number;
  /** instead of the noise of a seed: (n, columns), standard normal */
  readonly noise?: Tensor;
  /** conditions outside the range of the training: an error by default, else generated with a warning */
  readonly outside?: 'refuse' | 'allow';
  /** those of the card by name, where a name is also that of an option: `{ conditions: { signal: 1 } }` */
  readonly conditions?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** told of conditions outside the training, once per call; `console.warn` by default */
  readonly onWarning?: (warning: string) => void;
}

/** Options, and every condition of the card by its name. */
export type GenerateRequest = GenerateOptions & Readonly<Record<string, unknown>>;

const OPTIONS = Object.keys({
  seed: true,
  first: true,
  noise: true,
  outside: true,
  conditions: true,
  signal: true,
  onProgress: true,
  onWarning: true,
} satisfies Record<keyof GenerateOptions, true>);

/** A request that makes sense, giving what any of its rows need. */
export interface CheckedRequest {
  /** rows [start, stop): noise (rows, columns) and conditions (rows, 1), by input name */
  feeds(start: number, stop: number): Record<string, Tensor>;
}

/**
 * @throws {JetError} BAD_ARGUMENT for a condition that is missing, not known or no number, or both or neither of seed and
 *   noise; OUT_OF_RANGE outside the training, or for a count; SHAPE_MISMATCH for noise or conditions of another size;
 *   NOT_FINITE
 */
export function checkRequest(card: GeneratorCard, count: number, request: GenerateRequest): CheckedRequest {
  if (typeof request !== 'object' || request === null)
    throw new JetError(
      'BAD_ARGUMENT',
      `generate: got ${argumentText(request)}; expected { seed, ${card.conditions.map(({ name }) => name).join(', ')} }`,
    );
  if (!Number.isSafeInteger(count) || count < 0)
    throw new JetError('OUT_OF_RANGE', `generate: ${String(count)} of ${card.name}; expected a whole number from 0`, {
      count,
    });
  const names = card.conditions.map(({ name }) => name);
  const known = [...OPTIONS, ...names];
  const odd =
    Object.keys(request).find((key) => !known.includes(key)) ??
    Object.keys(request.conditions ?? {}).find((key) => !names.includes(key));
  if (odd !== undefined)
    throw new JetError('BAD_ARGUMENT', `generate: no option or condition ${odd}; expected ${known.join(', ')}`, {
      option: odd,
    });
  const { seed, first = 0, noise } = request;
  if ((seed === undefined) === (noise === undefined))
    throw new JetError(
      'BAD_ARGUMENT',
      `generate: got ${seed === undefined ? 'neither seed nor noise' : 'seed and noise'}; expected one of them`,
    );
  if (noise !== undefined) checkNoise(card, count, noise);
  else normalNoise(0, 1, { seed: seed!, first });
  const conditions = card.conditions.map(({ name }, column) => conditionOf(card, column, count, request, name));
  return {
    feeds: (start, stop) => ({
      noise:
        noise === undefined
          ? normalNoise(stop - start, card.noise, { seed: seed!, first: first + start })
          : rowsOf(noise, start, stop),
      ...Object.fromEntries(
        card.conditions.map(({ name }, i) => [name, { shape: [stop - start, 1], data: conditions[i](start, stop) }]),
      ),
    }),
  };
}

function checkNoise(card: GeneratorCard, count: number, noise: Tensor): void {
  const { shape, data } = noise;
  if (shape?.join() !== `${count},${card.noise}` || data?.length !== count * card.noise)
    throw new JetError(
      'SHAPE_MISMATCH',
      `generate: noise of shape (${shape?.join(', ')}) with ${data?.length} numbers; expected (${count}, ${card.noise}) float32`,
      { shape, expected: [count, card.noise] },
    );
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new JetError('NOT_FINITE', `generate: noise ${bad} is ${data[bad]}; expected finite numbers`, { index: bad });
}

function conditionOf(
  card: GeneratorCard,
  column: number,
  count: number,
  { seed, first = 0, outside = 'refuse', onWarning = console.warn, ...request }: GenerateRequest,
  name: string,
): (start: number, stop: number) => Float32Array {
  const { unit = '', range, whole = false } = card.conditions[column];
  const [least, most] = range;
  const expected = `from ${least} to ${most}${unit && ` ${unit}`}`;
  const value = request.conditions?.[name] ?? (OPTIONS.includes(name) ? undefined : request[name]);
  let told = false;
  const check = (one: unknown, where: string): number => {
    if (typeof one !== 'number')
      throw new JetError(
        'BAD_ARGUMENT',
        `generate: ${where}, got ${argumentText(one)}; expected a number ${expected}, { low, high }, or one for each`,
        { condition: name },
      );
    if (!Number.isFinite(one))
      throw new JetError('NOT_FINITE', `generate: ${where} is ${one}; expected a number ${expected}`, {
        condition: name,
      });
    if (whole && !Number.isInteger(one))
      throw new JetError('OUT_OF_RANGE', `generate: ${where} is ${one}; expected a whole number ${expected}`, {
        condition: name,
        value: one,
      });
    if (one >= least && one <= most) return one;
    const text = `generate: ${where} is ${one}${unit && ` ${unit}`}; the training of ${card.name} had ${expected}`;
    if (outside !== 'allow')
      throw new JetError(
        'OUT_OF_RANGE',
        `${text}; stay within, or allow it with the option outside: 'allow' (--allow-outside)`,
        {
          condition: name,
          value: one,
          range,
        },
      );
    if (!told) onWarning(`${text}: nothing is known of what comes out`);
    told = true;
    return one;
  };
  if (typeof value === 'object' && value !== null && 'low' in value && 'high' in value) {
    const [low, high] = [check(value.low, `${name}.low`), check(value.high, `${name}.high`)];
    if (low > high)
      throw new JetError('BAD_ARGUMENT', `generate: ${name} from ${low} to ${high}; expected low ≤ high`, {
        low,
        high,
      });
    if (seed === undefined)
      throw new JetError('BAD_ARGUMENT', `generate: ${name} drawn from a range without a seed; expected seed`);
    const width = whole ? high - low + 1 : high - low;
    return (start, stop) => {
      const drawn = uniformConditions(stop - start, column + 1, { seed, first: first + start }).data;
      return Float32Array.from({ length: stop - start }, (_, i) => {
        const at = low + width * drawn[i * (column + 1) + column];
        return whole ? Math.min(high, Math.floor(at)) : at;
      });
    };
  }
  if (typeof value === 'object' && value !== null && 'length' in value) {
    const each = value as ArrayLike<unknown>;
    if (each.length !== count)
      throw new JetError(
        'SHAPE_MISMATCH',
        `generate: ${each.length} numbers in ${name} for ${count}; expected one each`,
        {
          condition: name,
          got: each.length,
          expected: count,
        },
      );
    const checked = Float32Array.from({ length: count }, (_, i) => check(each[i], `${name}[${i}]`));
    return (start, stop) => checked.subarray(start, stop);
  }
  if (value === undefined)
    throw new JetError('BAD_ARGUMENT', `generate: no ${name}; expected a number ${expected}`, { condition: name });
  const same = check(value, name);
  return (start, stop) => new Float32Array(stop - start).fill(same);
}
