/** @file One self-contained HTML page that shows what a tagger is worth. */
import { formatCounted } from '@jetsdk/jets';
import type { ClassValues } from '../counts/binned.js';
import { checkLength, checkSome } from '../parts/check.js';
import { formatCount, formatShare } from '../parts/formatNumber.js';
import type { PlotOptions } from '../parts/style.js';
import { type Confusion, confusionMatrix } from '../pictures/confusionMatrix.js';
import { type FilterBank, filters } from '../pictures/filters.js';
import { type HistogramOptions, histogram } from '../pictures/histogram.js';
import { bestEpochOf, history, type TrainingHistory } from '../pictures/history.js';
import { type JetImage, jetImage, jetImageGrid } from '../pictures/jetImage.js';
import { type LeaderboardOptions, type LeaderboardRow, leaderboard } from '../pictures/leaderboard.js';
import { type LearningFigure, learningCurve } from '../pictures/learningCurve.js';
import type { NetworkLayer } from '../pictures/networkGraph.js';
import { pixelCorrelation } from '../pictures/pixelCorrelation.js';
import { type RocCurve, rocCurve } from '../pictures/rocCurve.js';
import { scoreDistribution } from '../pictures/scoreDistribution.js';
import { significanceImprovement } from '../pictures/significanceImprovement.js';
import { classTable, macroTable, pairTable } from './classTables.js';
import { type Html, html, raw, richHtml } from './html.js';
import { figure, figures, type Making, madeSection, page, type Section } from './page.js';
import type { ClassResult, TaggerComparison, TaggerResult, Warning } from './results.js';
import { comparisonTable, rejectionCell, resultTable, table as tableOf } from './tables.js';

/** What a report shows; each part that is not given is left out. Text may hold anything, it is escaped. */
export interface ReportData extends Making {
  readonly title: string;
  /** one or two sentences under the title */
  readonly summary?: string;
  /** one object a tagger, the one that the report is about first */
  readonly results?: readonly TaggerResult[];
  /** taggers with several classes; their confusion matrices are drawn */
  readonly classResults?: readonly ClassResult[];
  /** working points and AUC are taken from the result of the same name where a curve has none */
  readonly curves?: readonly RocCurve[];
  readonly comparisons?: readonly TaggerComparison[];
  readonly leaderboard?: {
    readonly rows: readonly LeaderboardRow[];
    readonly options?: Pick<LeaderboardOptions, 'metric' | 'decimals' | 'intervals'>;
  };
  /** scores per class, background first, of one or more taggers */
  readonly scores?: readonly { readonly name: string; readonly classes: readonly ClassValues[] }[];
  /** vertical axis of the scores; default `log` */
  readonly scoreAxis?: 'log' | 'linear';
  readonly confusions?: readonly (Confusion & { readonly name: string })[];
  /** average image of each class, background first, then signal; their difference is drawn too */
  readonly averageImages?: ReportImages;
  readonly singleImages?: ReportImages;
  /** quantities of the jets per class: mass, pT */
  readonly observables?: readonly {
    readonly classes: readonly ClassValues[];
    readonly options: Omit<HistogramOptions, keyof PlotOptions>;
  }[];
  readonly histories?: readonly (TrainingHistory & { readonly name: string })[];
  /** figures against the number of jets learned from, and what their intervals are */
  readonly learning?: { readonly figures: readonly LearningFigure[]; readonly intervals: string };
  readonly correlation?: { readonly image: JetImage; readonly halfWidth?: number };
  readonly filters?: FilterBank;
  readonly warnings?: readonly Warning[];
  /** what the taggers are made of */
  readonly networks?: readonly ReportNetwork[];
  /** more of the results, as they shall be written */
  readonly tables?: readonly ReportTable[];
}

/** The layers of a network. */
export interface ReportNetwork {
  readonly name: string;
  readonly layers: readonly NetworkLayer[];
  /** what they come to: parameters, operations, memory, a sentence each */
  readonly facts?: readonly string[];
  /** SVG, as `networkGraph` of @jetsdk/plots/network draws it: taken as it is */
  readonly drawing?: string;
}

/** A table of texts; the first cell of a row says what it is about. */
export interface ReportTable {
  readonly heading: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly note?: string;
}

export interface ReportImages {
  readonly images: readonly JetImage[];
  readonly halfWidth?: number;
  /** default `Mean p_{T} (GeV)` for averages, `p_{T} (GeV)` for single images */
  readonly quantity?: string;
}

/** Curves with AUC and working points filled in from the results. */
function completeCurves({ curves = [], results = [] }: ReportData): RocCurve[] {
  return curves.map((curve) => {
    const result = results.find(({ name }) => name === curve.name);
    if (result === undefined) return curve;
    const workingPoints = result.rejection.map(({ signalEfficiency, rejection, interval }) => ({
      signalEfficiency,
      rejection,
      ...(interval && { interval }),
    }));
    return { auc: result.auc, workingPoints, ...curve };
  });
}

function tiles({ results = [] }: ReportData): Html | undefined {
  const [first] = results;
  if (first === undefined) return undefined;
  const of = results.length > 1 ? html` of ${first.name}` : undefined;
  const tile = (label: Html | string, value: Html | string, note: string): Html =>
    html`<div><dt>${label}</dt><dd>${value}<small>${note}</small></dd></div>`;
  const rejections = first.rejection
    .slice(0, 2)
    .map((one) =>
      tile(
        html`1/ε<sub>B</sub> at ε<sub>S</sub> = ${one.signalEfficiency}`,
        rejectionCell(one),
        one.falsePositives === undefined ? '' : `${formatCount(one.falsePositives)} background jets pass`,
      ),
    );
  return html`<dl class="tiles">${[
    tile(
      html`AUC${of}`,
      formatShare(first.auc),
      first.aucStdErr === undefined ? '' : `± ${formatShare(first.aucStdErr)}`,
    ),
    ...rejections,
    tile('Accuracy', formatShare(first.accuracy), `${formatCount(first.jets)} jets`),
  ]}</dl>`;
}

function resultSection(data: ReportData, options: PlotOptions): Section | undefined {
  const { results = [], classResults = [], comparisons = [], tables = [] } = data;
  const curves = completeCurves(data);
  if (curves.length + results.length + classResults.length + comparisons.length + tables.length === 0) return undefined;
  const drawn: Html[] = [];
  if (curves.length > 0) {
    const banded = curves.some(({ band }) => band !== undefined);
    drawn.push(
      figure(
        rocCurve(curves, options),
        `Background rejection 1/ε_{B} against signal efficiency ε_{S}; further up and to the right is better.${banded ? ' Bands show the uncertainty.' : ''} Circles mark the working points of the table.`,
      ),
      figure(
        rocCurve(curves, { ...options, axes: 'classic' }),
        'Signal efficiency ε_{S} (true positive rate) against background efficiency ε_{B} (false positive rate); further up and to the left is better.',
      ),
      figure(
        significanceImprovement(curves, options),
        'Gain in significance ε_{S}/√ε_{B} from a cut on the score; circles mark the largest, over cuts that enough background passes.',
      ),
    );
  }
  const table =
    results.length === 0
      ? undefined
      : resultTable(
          results,
          curves.map(({ name }) => name),
        );
  const ofClasses =
    classResults.length === 0
      ? undefined
      : html`${macroTable(classResults)}${classResults.map((result) => html`${classTable(result)}${pairTable(result)}`)}`;
  const tests = comparisons.length === 0 ? undefined : html`<h3>Paired tests</h3>${comparisonTable(comparisons)}`;
  return {
    id: 'results',
    heading: 'Results',
    body: html`${drawn.length === 0 ? undefined : figures(drawn)}${table}${ofClasses}${tests}${tables.map(textTable)}`,
  };
}

/** Numbers, and what stands for one that is missing. */
const isNumber = (cell: string): boolean => /^([-−+±]?[\d.].*|–|)$/u.test(cell) && !cell.includes('×');

function textTable({ heading, head, rows, note = '' }: ReportTable): Html {
  const columns = head.map((title, i) => ({
    title: richHtml(title),
    text: !rows.every((row) => isNumber(row[i])),
  }));
  return html`<h3>${heading}</h3>${tableOf(heading, columns, rows, richHtml(note))}`;
}

/** Width of a picture on a phone, in pixels. */
const PHONE = 358;

function leaderboardSection({ leaderboard: board }: ReportData, options: PlotOptions): Section | undefined {
  if (board === undefined) return undefined;
  const drawn = (width: number): string => leaderboard(board.rows, { ...options, ...board.options, width });
  const both = html`<div class="roomy">${raw(drawn(780))}</div><div class="narrow">${raw(drawn(PHONE))}</div>`;
  const caption =
    'Entries in the order of the ranking with their intervals. Those behind one bracket are not separated by the paired test: their order may be chance.';
  return {
    id: 'ranking',
    heading: 'Ranking',
    body: figures([html`<figure>${both}<figcaption>${caption}</figcaption></figure>`], 'one'),
  };
}

function jetsSection(
  { averageImages, singleImages, observables = [] }: ReportData,
  options: PlotOptions,
): Section | undefined {
  const parts: Html[] = [];
  if (averageImages !== undefined) {
    const { images, halfWidth, quantity = 'Mean p_{T} (GeV)' } = averageImages;
    const shared = { ...options, ...(halfWidth !== undefined && { halfWidth }) };
    const [background, signal] = images;
    const drawn = [
      figure(
        jetImageGrid(images, { ...shared, quantity, width: images.length === 2 ? 656 : 1072 }),
        'Average image of each class. Logarithmic colour scale; empty pixels are left blank.',
        'Average jet images',
      ),
    ];
    if (images.length === 2 && background !== undefined && signal !== undefined)
      drawn.push(
        figure(
          jetImage(difference(background, signal), {
            ...shared,
            width: 398,
            scale: 'diverging-log',
            quantity: `Δ ${quantity}`,
          }),
          `${signal.title ?? 'Second class'} minus ${background.title ?? 'first class'}: red where there is more, blue where there is less; logarithmic on both sides of zero.`,
        ),
      );
    parts.push(figures(drawn, drawn.length === 2 ? 'triple' : 'one'));
  }
  if (singleImages !== undefined) {
    const { images, halfWidth, quantity = 'p_{T} (GeV)' } = singleImages;
    const svg = jetImageGrid(images, {
      ...options,
      width: 1072,
      quantity,
      ...(halfWidth !== undefined && { halfWidth }),
    });
    parts.push(
      figures(
        [figure(svg, 'Single jets, one colour scale for all. A jet lights up only a few pixels.', 'Single jets')],
        'one',
      ),
    );
  }
  if (observables.length > 0)
    parts.push(
      figures(
        observables.map(({ classes, options: own }) =>
          figure(histogram(classes, { ...own, ...options }), `${own.label ?? 'Values'}, each class normalised to one.`),
        ),
      ),
    );
  return parts.length === 0 ? undefined : { id: 'jets', heading: 'The jets', body: html`${parts}` };
}

function difference(background: JetImage, signal: JetImage): JetImage {
  checkLength('report', 'pixels of the second average image', signal.pixels.length, background.pixels.length);
  return {
    shape: signal.shape,
    pixels: Float64Array.from(signal.pixels, (value, i) => value - background.pixels[i]),
    title: 'Difference',
  };
}

function scoreSection(
  { scores = [], confusions = [], classResults = [], scoreAxis = 'log' }: ReportData,
  options: PlotOptions,
): Section | undefined {
  const matrices = [...classResults.map(({ name, confusion }) => ({ ...confusion, name })), ...confusions];
  const drawn = scores.flatMap(({ name, classes }) => [
    figure(
      scoreDistribution(classes, { ...options, heading: name, log: scoreAxis === 'log' }),
      `Scores of ${name}, each class normalised to one${scoreAxis === 'log' ? '; logarithmic' : ''}.`,
    ),
  ]);
  for (const { name, ...confusion } of matrices)
    drawn.push(
      figure(
        confusionMatrix(confusion, { ...options, heading: name }),
        `What ${name} takes each class for: shares of the true class, and jets.`,
      ),
    );
  return drawn.length === 0 ? undefined : { id: 'scores', heading: 'Scores', body: figures(drawn) };
}

function trainingSection(
  { histories = [], learning, correlation, filters: bank }: ReportData,
  options: PlotOptions,
): Section | undefined {
  const drawn = histories.map(({ name, ...training }) =>
    figure(
      history(training, { ...options, heading: name }),
      `Training of ${name}: ${formatCounted(training.loss.length, 'epoch')}, the weights of epoch ${bestEpochOf(training)} are kept.`,
    ),
  );
  if (learning !== undefined)
    drawn.unshift(
      figure(
        learningCurve(learning.figures, options),
        `What more jets to learn from are worth; bars are ${learning.intervals}.`,
      ),
    );
  if (correlation !== undefined) {
    const { image, halfWidth } = correlation;
    drawn.push(
      figure(
        pixelCorrelation(image, { ...options, ...(halfWidth !== undefined && { halfWidth }) }),
        'Correlation of each pixel with the score: red pixels speak for signal, blue ones for background.',
      ),
    );
  }
  if (bank !== undefined)
    drawn.push(figure(filters(bank, 0, { ...options, width: 520 }), 'Filters of the first layer, first channel.'));
  return drawn.length === 0 ? undefined : { id: 'training', heading: 'The network', body: figures(drawn) };
}

function networkSection({ networks = [] }: ReportData): Section | undefined {
  if (networks.length === 0) return undefined;
  const body = networks.map(({ name, layers, facts = [], drawing }) => {
    const rows = layers.map((layer) => [
      layer.name,
      layer.kind,
      layer.shape?.map((length) => length ?? '?').join(' × ') ?? '?',
      formatCount(layer.parameters),
      layer.activation ?? '',
      layer.inputs.map((at) => layers[at].name).join(', '),
    ]);
    const head = ['Layer', 'Kind', 'Output', 'Parameters', 'Activation', 'Reads'];
    const picture =
      drawing === undefined
        ? undefined
        : figures([figure(drawing, `The layers of ${name}, from the jet to the score.`, `Drawing of ${name}`)], 'one');
    return html`${picture}${textTable({ heading: `Layers of ${name}`, head, rows, note: facts.map((fact) => `${fact.charAt(0).toUpperCase()}${fact.slice(1)}.`).join(' ') })}`;
  });
  return { id: 'layers', heading: 'The layers', body: html`${body}` };
}

/** What is said of many a cut; it stands behind what is said of the jets. */
const OF_CUTS = 'few-false-positives';

/** Warnings of the report and of each result, those of several taggers together where they say the same. */
function allWarnings({ warnings = [], results = [] }: ReportData): { text: Warning; of: string[] }[] {
  const found = new Map<string, { text: Warning; of: string[] }>();
  const add = (text: Warning, of?: string): void => {
    const key = `${text.code} ${text.message}`;
    const entry = found.get(key) ?? { text, of: [] };
    if (of !== undefined) entry.of.push(of);
    found.set(key, entry);
  };
  for (const warning of warnings) add(warning);
  for (const { name, warnings: own = [] } of results) for (const warning of own) add(warning, name);
  return [...found.values()].sort((a, b) => Number(a.text.code === OF_CUTS) - Number(b.text.code === OF_CUTS));
}

function warningSection(data: ReportData): Section | undefined {
  const all = allWarnings(data);
  if (all.length === 0) return undefined;
  const items = all.map(
    ({ text: { code, message }, of }) =>
      html`<li><code>${code}</code>${of.length > 0 ? html` <strong>${of.join(', ')}</strong>` : undefined} ${richHtml(message)}</li>`,
  );
  return { id: 'warnings', heading: 'Warnings', body: html`<ul class="warnings">${items}</ul>` };
}

/**
 * Writes a report: one HTML file with everything inside, no script, nothing from the net.
 *
 * @param data not modified
 * @returns HTML
 * @throws {JetError} as the pictures do for what they are given; BAD_ARGUMENT without a title
 */
export function report(data: ReportData, options: Pick<PlotOptions, 'document'> = {}): string {
  checkSome('report', 'letters of the title', data.title.trim().length);
  const sections = [
    leaderboardSection(data, options),
    resultSection(data, options),
    jetsSection(data, options),
    trainingSection(data, options),
    networkSection(data),
    scoreSection(data, options),
    warningSection(data),
    madeSection(data),
  ].filter((section) => section !== undefined);
  return page({ ...data, sections }, tiles(data));
}
