/** @file What a server counts, as Prometheus reads it. */

export interface Metrics {
  /** One answered request to `infer`. */
  request(model: string, status: number, seconds: number): void;
  /** One run of a model. */
  batch(model: string, jets: number): void;
  /**
   * @param queueLengths of every model, now
   * @see https://prometheus.io/docs/instrumenting/exposition_formats/
   */
  text(queueLengths: ReadonlyMap<string, number>): string;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const JETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384];

interface Histogram {
  readonly bounds: readonly number[];
  /** observations up to each bound, not cumulative; the last beyond all */
  readonly counts: number[];
  sum: number;
}

interface Counts {
  /** requests by HTTP status */
  readonly statuses: Map<number, number>;
  readonly seconds: Histogram;
  readonly jets: Histogram;
}

/** @param models that are served; only these become labels, so that strangers cannot fill the memory with names */
export function makeMetrics(models: readonly string[]): Metrics {
  const all = new Map(
    models.map((model): [string, Counts] => [
      model,
      { statuses: new Map(), seconds: histogram(SECONDS), jets: histogram(JETS) },
    ]),
  );
  return {
    request(model, status, seconds) {
      const counts = all.get(model);
      if (counts === undefined) return;
      counts.statuses.set(status, (counts.statuses.get(status) ?? 0) + 1);
      observe(counts.seconds, seconds);
    },
    batch(model, jets) {
      const counts = all.get(model);
      if (counts !== undefined) observe(counts.jets, jets);
    },
    text(queueLengths) {
      const lines: string[] = [];
      const family = (
        name: string,
        type: string,
        help: string,
        samples: (label: string, counts: Counts) => string[],
      ): void => {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
        for (const [model, counts] of all) lines.push(...samples(`model="${escapeLabel(model)}"`, counts));
      };
      family('jetsdk_requests_total', 'counter', 'Answered inference requests by HTTP status.', (label, { statuses }) =>
        [...statuses].map(([status, count]) => `jetsdk_requests_total{${label},status="${status}"} ${count}`),
      );
      family(
        'jetsdk_request_failures_total',
        'counter',
        'Inference requests answered with an error.',
        (label, { statuses }) => [
          `jetsdk_request_failures_total{${label}} ${[...statuses].reduce((sum, [status, count]) => sum + (status >= 400 ? count : 0), 0)}`,
        ],
      );
      lines.push('# HELP jetsdk_queue_length Requests that wait to be scored.', '# TYPE jetsdk_queue_length gauge');
      for (const [model, length] of queueLengths)
        lines.push(`jetsdk_queue_length{model="${escapeLabel(model)}"} ${length}`);
      family('jetsdk_batch_jets', 'histogram', 'Jets scored together.', (label, { jets }) =>
        histogramLines('jetsdk_batch_jets', label, jets),
      );
      family('jetsdk_request_duration_seconds', 'histogram', 'Time from request to answer.', (label, { seconds }) =>
        histogramLines('jetsdk_request_duration_seconds', label, seconds),
      );
      return `${lines.join('\n')}\n`;
    },
  };
}

function histogram(bounds: readonly number[]): Histogram {
  return { bounds, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 };
}

function observe(histogram: Histogram, value: number): void {
  const at = histogram.bounds.findIndex((bound) => value <= bound);
  histogram.counts[at < 0 ? histogram.bounds.length : at] += 1;
  histogram.sum += value;
}

function histogramLines(name: string, label: string, { bounds, counts, sum }: Histogram): string[] {
  let total = 0;
  const buckets = counts.map((count, i) => {
    total += count;
    return `${name}_bucket{${label},le="${bounds[i] ?? '+Inf'}"} ${total}`;
  });
  return [...buckets, `${name}_sum{${label}} ${sum}`, `${name}_count{${label}} ${total}`];
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
