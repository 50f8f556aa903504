/** @file How the pictures look: colours for light and dark, the type face, and the options that every picture takes. */

/**
 * `auto` follows the reader's light or dark setting through CSS variables, which a page may override
 * (`.jet-plot { --jet-ink: … }`); `light` and `dark` write plain colours, which every SVG program understands.
 */
export type Theme = 'auto' | 'light' | 'dark';

/** Options of every picture. */
export interface PlotOptions {
  /** in CSS pixels; the height follows from it */
  readonly width?: number;
  /** default `auto` */
  readonly theme?: Theme;
  /** default: the page's document, and in Node one made for drawing */
  readonly document?: Document;
}

const light = {
  paper: '#ffffff',
  ink: '#1a1d23',
  muted: '#5b6470',
  faint: '#d5d9df',
  positive: '#b2182b',
  negative: '#2166ac',
  series: ['#5790fc', '#f89c20', '#e42536', '#964a8b', '#9c9ca1', '#7a21dd'],
};

const dark: typeof light = {
  paper: '#14171c',
  ink: '#e8eaee',
  muted: '#a2aab6',
  faint: '#3a414c',
  positive: '#ff6b6b',
  negative: '#6aa5ff',
  series: ['#5790fc', '#f89c20', '#f0475a', '#c27bb8', '#9c9ca1', '#a56bff'],
};

/**
 * Colours by role, each a CSS colour.
 *
 * `series` is the palette of the CMS collaboration (made for colour-blind readers), lightened where the dark paper
 * asks for it.
 */
export type Colours = typeof light;

const flat = (colours: Colours): [name: string, colour: string][] => [
  ['paper', colours.paper],
  ['ink', colours.ink],
  ['muted', colours.muted],
  ['faint', colours.faint],
  ['positive', colours.positive],
  ['negative', colours.negative],
  ...colours.series.map((colour, i): [string, string] => [`series-${i + 1}`, colour]),
];

const declarations = (colours: Colours): string =>
  flat(colours)
    .map(([name, colour]) => `--jet-${name}:${colour}`)
    .join(';');

const variables: Colours = {
  paper: 'var(--jet-paper)',
  ink: 'var(--jet-ink)',
  muted: 'var(--jet-muted)',
  faint: 'var(--jet-faint)',
  positive: 'var(--jet-positive)',
  negative: 'var(--jet-negative)',
  series: light.series.map((_, i) => `var(--jet-series-${i + 1})`),
};

/** The colours to draw with under a theme. */
export function colours(theme: Theme): Colours {
  return theme === 'auto' ? variables : theme === 'dark' ? dark : light;
}

/** CSS that gives the variables of `auto` their values; printers get the light ones. */
export function themeSheet(selector: string): string {
  return `:where(${selector}){${declarations(light)}}@media screen and (prefers-color-scheme:dark){:where(${selector}){${declarations(dark)}}}`;
}

/** Colour of series `index`; after the last it starts again, with another dash. */
export function seriesColour(palette: Colours, index: number): string {
  return palette.series[index % palette.series.length];
}

/** Dash of series `index`, so that curves are told apart without colour. */
export function seriesDash(index: number): string | undefined {
  return [undefined, '7 3', '2 2.5', '9 3 2 3', '4 2', '12 3'][index % 6];
}

/** Colour of a class: background first, in blue, then signal, in red. */
export function classColour(palette: Colours, index: number): string {
  const order = [0, 2, 1, 3, 5, 4];
  return palette.series[order[index % order.length]];
}

export const fontFamily =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif";
export const fontSize = 13;
