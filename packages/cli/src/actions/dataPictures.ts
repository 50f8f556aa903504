import { basename, join } from 'node:path';
import { isServedModel, type Regressor, type Tagger } from '@jetsdk/infer';
import { formatCount, JetError, namedRecipe, type Recipe } from '@jetsdk/jets';
import { makeFolder, openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { firstFilters, readGeneratorCard, readRegressorCard } from '@jetsdk/onnx';
import { formatJets, pictureBook } from '@jetsdk/plots';
import { jetPictures } from '@jetsdk/plots/book';
import { changeTable, type Survey, survey } from '@jetsdk/plots/survey';
import { loadModel } from '../loading.js';
import { readModel } from '../modelFile.js';
import { type JetFlags, type Layout, labelledOptions, type rows } from '../options.js';
import { rowsOf } from '../rowsOf.js';
import { print, printJson, progress, say, table } from '../terminal.js';
import { loadOn } from './correct.js';

export interface PictureFlags {
  readonly output: string;
  readonly model?: string;
  readonly recipe?: { readonly given: string; readonly recipe: Recipe };
  readonly layout?: { readonly given: string; readonly layout: Layout };
  readonly dataset?: string;
  readonly padding?: NonNullable<JetFlags['padding']>;
  readonly components?: NonNullable<JetFlags['components']>;
  readonly unit?: NonNullable<JetFlags['unit']>;
  readonly signal?: string;
  readonly rows?: ReturnType<typeof rows>;
  readonly jet?: readonly number[];
  readonly perClass?: number;
  readonly constituent?: readonly number[];
  readonly classes?: readonly string[];
  readonly svg?: string;
  readonly json?: true;
}

/** Without a model that brings one. */
const RECIPE = 'course-30-sum';

/** Draws the jets of a file. */
export async function drawPictures(file: string, flags: PictureFlags): Promise<void> {
  if (flags.jet !== undefined && flags.perClass !== undefined)
    throw new JetError('BAD_ARGUMENT', 'options --jet and --per-class: got both; expected one; leave --per-class out');
  await using network = flags.model === undefined ? undefined : await openNetwork(flags.model);
  const { tagger, regressor } = network ?? {};
  const source = await openJets(
    file,
    labelledOptions({
      ...(flags.layout && { layout: flags.layout.layout }),
      ...(flags.dataset !== undefined && { dataset: flags.dataset }),
      ...(flags.padding !== undefined && { padding: flags.padding }),
      ...(flags.components !== undefined && { components: flags.components }),
      ...(flags.unit !== undefined && { unit: flags.unit }),
      ...(flags.signal !== undefined && { signal: flags.signal }),
    }),
  );
  try {
    const own = tagger?.info.recipe;
    const recipe = flags.recipe?.recipe ?? own ?? namedRecipe(RECIPE);
    const images = source.kind === 'images';
    const networkRecipe = own ?? (images ? flags.recipe?.recipe : recipe);
    const part = rowsOf(source, flags.rows);
    const bar = progress('pictures', part.count, 'jets');
    const seen = await survey(part, {
      recipe,
      classes: flags.classes ?? source.classes ?? tagger?.info.card?.classes ?? ['background', 'signal'],
      firstJet: flags.rows?.[0] ?? 0,
      ...(flags.jet !== undefined && { examples: flags.jet }),
      ...(flags.perClass !== undefined && { perClass: flags.perClass }),
      ...(flags.constituent !== undefined && { constituents: flags.constituent }),
      ...(tagger !== undefined && { network: { score: (jets) => tagger.score(jets), recipe: networkRecipe } }),
      ...(regressor !== undefined && {
        regressor: {
          recipe: regressor.info.recipe,
          correct: async (jets) => ({ kind: 'images', ...(await regressor.correct(jets)) }),
        },
      }),
      onProgress: ({ done }) => bar.update(done),
    }).finally(() => bar.stop());
    const book = jetPictures({
      title: `Pictures of ${basename(file)}`,
      survey: seen,
      recipe,
      ...(network !== undefined && {
        network: {
          name: network.name,
          recipe: networkRecipe,
          filters: network.filters,
          ...(regressor !== undefined && { halfWidth: regressor.info.output.halfWidth }),
        },
      }),
      facts: [
        { label: 'File', value: file },
        {
          label: 'Jets',
          value: `${formatCount(seen.count)}${flags.rows === undefined ? '' : `, rows ${rowText(flags.rows)}`}`,
        },
        ...(images
          ? []
          : [{ label: 'Recipe', value: `${recipe.name}: ${recipe.steps.map(({ step }) => step).join(', ')}` }]),
        ...(network === undefined ? [] : [{ label: 'Network', value: network.name }]),
      ],
      command: commandOf(file, flags),
    });
    await writeFileAtomically(flags.output, pictureBook(book));
    if (flags.svg !== undefined) {
      await makeFolder(flags.svg);
      for (const { name, draw } of book.sections.flatMap(({ pictures = [] }) => pictures))
        await writeFileAtomically(join(flags.svg, `${name}.svg`), `${draw({ theme: 'light' })}\n`);
    }
    if (flags.json) printJson(numbers(seen, recipe));
    else if (seen.steps !== undefined) {
      const { label, head, rows: lines } = changeTable(recipe, seen.classes, seen.steps);
      print(`${label}\n\n${table(head, lines)}`);
    }
    say(`${flags.output}: ${formatJets(seen.count)}; open it in a browser`);
  } finally {
    source.close();
  }
}

/** A network of either kind, and what its first layer looks for. */
interface Network extends AsyncDisposable {
  readonly name: string;
  readonly tagger?: Tagger;
  readonly regressor?: Regressor;
  readonly filters: ReturnType<typeof firstFilters>;
}

/** @throws {JetError} BAD_MODEL for a generator; as `loadModel` */
async function openNetwork(model: string): Promise<Network> {
  if (isServedModel(model)) return ofTagger(model, 'a server runs the model and keeps its weights');
  const bytes = await readModel(model);
  if (readGeneratorCard(bytes) !== undefined)
    throw new JetError(
      'BAD_MODEL',
      `${model}: a generator, which reads no jets, so that nothing correlates; expected a tagger or a regressor; jetsdk eval GENERATED SIMULATED --generator ${model} --report draws what it makes`,
    );
  const filters = firstFilters(bytes);
  if (readRegressorCard(bytes) === undefined) return ofTagger(model, filters);
  const regressor = await loadOn(model);
  return { name: regressor.info.name, regressor, filters, [Symbol.asyncDispose]: () => regressor.dispose() };
}

async function ofTagger(model: string, filters: Network['filters']): Promise<Network> {
  const tagger = await loadModel(model, {});
  return { name: tagger.info.name, tagger, filters, [Symbol.asyncDispose]: () => tagger.dispose() };
}

const rowText = ([start, stop]: ReturnType<typeof rows>): string => `${start}:${stop ?? ''}`;

const quoted = (text: string): string => (/^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function commandOf(
  file: string,
  {
    output,
    layout,
    dataset,
    padding,
    components,
    unit,
    signal,
    model,
    recipe,
    rows: part,
    jet = [],
    perClass,
    constituent,
    classes,
    svg,
  }: PictureFlags,
): string {
  return [
    'jetsdk data pictures',
    quoted(file),
    ...(layout === undefined ? [] : ['--layout', quoted(layout.given)]),
    ...(dataset === undefined ? [] : ['--dataset', quoted(dataset)]),
    ...(padding === undefined ? [] : ['--padding', String(padding)]),
    ...(components === undefined ? [] : ['--components', components.join(',')]),
    ...(unit === undefined ? [] : ['--unit', unit]),
    ...(signal === undefined ? [] : ['--signal', quoted(signal)]),
    ...(model === undefined ? [] : ['--model', quoted(model)]),
    ...(recipe === undefined ? [] : ['--recipe', quoted(recipe.given)]),
    ...(part === undefined ? [] : ['--rows', rowText(part)]),
    ...jet.flatMap((one) => ['--jet', String(one)]),
    ...(perClass === undefined ? [] : ['--per-class', String(perClass)]),
    ...(constituent === undefined ? [] : ['--constituent', constituent.join(',')]),
    ...(classes === undefined ? [] : ['--classes', quoted(classes.join(','))]),
    ...(svg === undefined ? [] : ['--svg', quoted(svg)]),
    '-o',
    quoted(output),
  ].join(' ');
}

/** What the pictures show in numbers. */
function numbers({ name, count, classes, counts, steps }: Survey, recipe: Recipe) {
  return {
    file: name,
    jets: count,
    classes: classes.map((one, label) => ({ name: one, jets: counts[label] })),
    ...(steps !== undefined && {
      constituents: steps.kinematics.constituents.map(({ index, quantities }) => ({
        index,
        jets: quantities[0].values.counts,
      })),
      mass: {
        recipe: recipe.name,
        variants: steps.masses.variants.map(({ mode, recipe: { steps: done } }, v) => ({
          rotation: mode ?? 'none',
          steps: ['read', ...done.map(({ step }) => step)].map((step, i) => ({
            step,
            relativeChange: steps.masses.changes()[v][i],
          })),
        })),
      },
    }),
  };
}
