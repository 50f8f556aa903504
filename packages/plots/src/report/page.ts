/** @file What every page shares: head, style, navigation, sections, figures. */
import { SDK_VERSION } from '@jetsdk/jets';
import { type Html, html, raw, richHtml } from './html.js';
import { reportStyle } from './style.js';

export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly body: Html;
}

/** How a page came about. */
export interface Making {
  /** dataset, network, seeds, versions: printed in this order */
  readonly facts?: readonly { readonly label: string; readonly value: string }[];
  /** the command that makes this page */
  readonly command?: string;
}

/**
 * A picture with what is said below it.
 *
 * @param wide name of the part of the page that scrolls sideways where the page is narrow; without it the picture shrinks
 */
export function figure(svg: string, caption: string, wide?: string): Html {
  const picture =
    wide === undefined
      ? raw(svg)
      : html`<div class="scroll wide" tabindex="0" role="region" aria-label="${wide}">${raw(svg)}</div>`;
  return html`<figure>${picture}<figcaption>${richHtml(caption)}</figcaption></figure>`;
}

/** Figures beside one another, as many as there is room for. */
export const figures = (all: readonly Html[], kind = ''): Html => html`<div class="figures ${kind}">${all}</div>`;

/** The last section; undefined where there is nothing to say. */
export function madeSection({ facts = [], command }: Making): Section | undefined {
  if (facts.length === 0 && command === undefined) return undefined;
  const rows = facts.map(({ label, value }) => html`<dt>${richHtml(label)}</dt><dd>${richHtml(value)}</dd>`);
  return {
    id: 'made',
    heading: 'How it was made',
    body: html`${rows.length === 0 ? undefined : html`<dl class="facts">${rows}</dl>`}${
      command === undefined ? undefined : html`<pre tabindex="0"><code>${command}</code></pre>`
    }`,
  };
}

/** A page: one HTML file with everything inside, no script, nothing from the net. */
export function page(
  {
    title,
    summary,
    sections,
  }: { readonly title: string; readonly summary?: string; readonly sections: readonly Section[] },
  tiles?: Html,
): string {
  const links = sections.map(({ id, heading }) => html`<a href="#${id}">${heading}</a>`);
  const written = sections.map(
    ({ id, heading, body }) =>
      html`<section id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${heading}</h2>${body}</section>\n`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="Jet SDK ${SDK_VERSION}">
<title>${title}</title>
<style>${raw(reportStyle())}</style>
</head>
<body>
<header><h1>${title}</h1>${summary === undefined ? undefined : html`<p>${richHtml(summary)}</p>`}${tiles}${
    sections.length < 2 ? undefined : html`<nav aria-label="Sections">${links}</nav>`
  }</header>
<main>
${written}</main>
<footer>Made with Jet SDK ${SDK_VERSION}.</footer>
</body>
</html>
`.html;
}
