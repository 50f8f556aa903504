import type { Condition } from '@jetsdk/jets';
import type { flatSettings, Gan, NamedNetwork, RegressionNetwork } from '@jetsdk/train';
import { requireTrainable } from '../trainable.js';
import { USED } from './generatorFlags.js';

/**
 * What there is to choose of the network that is named with --help.
 *
 * @param args behind the command
 * @returns empty where no network is named
 * @throws {JetError} as `loadNetwork`
 */
export async function networkHelp(args: readonly string[]): Promise<string> {
  const isValue = (i: number): boolean => i > 0 && args[i - 1].startsWith('-') && !/^(-h|--help)$/.test(args[i - 1]);
  const name = args.find((arg, i) => !arg.startsWith('-') && !isValue(i));
  if (name === undefined) return '';
  requireTrainable(name);
  const train = await import('@jetsdk/train');
  const regressor = Object.entries(train.regressors).find(([known]) => known === name)?.[1];
  if (regressor !== undefined) return describeRegressor(regressor);
  const gan = Object.entries(train.gans).find(([known]) => known === name)?.[1];
  if (gan !== undefined) return describeGan(gan);
  if (train.flows.some((flow) => flow.name === name)) {
    const { withTask } = await import('./flowData.js');
    return withTask(name, ({ kind, columns }) => describeGenerator(kind, columns));
  }
  return describe(name, await train.loadNetwork(name), train.flatSettings);
}

function describeRegressor({ name, description, recipe, truth, loss, defaults }: RegressionNetwork): string {
  return [
    '',
    `${name}: ${description}`,
    `  takes images of recipe ${recipe}; gives those of recipe ${truth}; loss ${loss.kind}, p̄ = ${loss.pbar} GeV`,
    trainedWith(defaults),
    '',
    'It declares no settings for --set.',
  ].join('\n');
}

const describeGan = ({ images, conditions, description, ...gan }: Gan): string =>
  describeGenerator(
    { ...gan, task: description },
    [
      ...images.map(({ name, pixels, unit }) => `${name} (${pixels.join(' × ')}, ${unit})`),
      ...conditions.map(({ name }) => name),
    ],
    conditions,
  );

function describeGenerator(
  { name, task, defaults }: { readonly name: string; readonly task: string; readonly defaults: object },
  columns: readonly string[],
  conditions: readonly Condition[] = [],
): string {
  const asked = conditions.map(
    ({ name: one, range, whole, unit }) => `${one} ${range.join(whole ? ' or ' : ' to ')}${unit ? ` ${unit}` : ''}`,
  );
  return [
    '',
    `${name}: ${task}`,
    `  learns from the columns ${columns.slice(0, -1).join(', ')} and ${columns.at(-1)} of a file${asked.length > 0 ? `; ${asked.join(', ')}` : ''}`,
    trainedWith(defaults),
    '',
    `Of the options it has ${USED.map((flag) => `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`).join(', ')}.`,
  ].join('\n');
}

const trainedWith = (defaults: object): string =>
  `  trained with ${Object.entries(defaults)
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    .join(', ')}`;

function describe(
  asked: string,
  { name, description, recipe, inputShape, outputs, defaults, settings, meanings }: NamedNetwork,
  flat: typeof flatSettings,
): string {
  const of = typeof recipe === 'object' ? recipe.name : recipe;
  const takes = [inputShape?.join(' × '), of === 'constituents' ? of : of && `images of recipe ${of}`].filter(Boolean);
  const all = Object.entries(flat(settings)).map(([key, value]) => [key, String(value), meanings?.[key] ?? '']);
  const width = (column: number): number => Math.max(0, ...all.map((row) => row[column].length));
  const rows = all.map(([key, value, meaning]) =>
    `  ${key.padEnd(width(0))}  ${value.padStart(width(1))}  ${meaning}`.trimEnd(),
  );
  return [
    '',
    `${name}${description === undefined ? '' : `: ${description}`}`,
    ...(takes.length > 0 ? [`  takes ${takes.join(', ')}; gives ${outputs ?? 1}`] : []),
    ...(Object.keys(defaults ?? {}).length > 0 ? [trainedWith(defaults ?? {})] : []),
    `  its layers: jetsdk summary ${asked}`,
    '',
    ...(rows.length === 0 ? ['It declares no settings for --set.'] : ['Settings, for --set NAME=VALUE:', ...rows]),
  ].join('\n');
}
