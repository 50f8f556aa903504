/** @file The programs in README files and docs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './command.js';

export interface Example {
  /** the page and the line, e.g. `README.md:22` */
  readonly where: string;
  readonly page: string;
  readonly language: string;
  readonly code: string;
}

/** Every Markdown page of the repository but those of decisions, by its path. */
export const pages: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
  'models/README.md',
  'data/README.md',
];

/** The blocks of code of a page that name their language. */
export function examples(page: string): readonly Example[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ index, 1: language = '', 2: code = '' }) => ({
    where: `${page}:${text.slice(0, index).split('\n').length}`,
    page,
    language,
    code,
  }));
}
