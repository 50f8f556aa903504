// Builds the documentation: the pages of docs/ and the API reference as one static site, whose every warning is an error.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, Converter } from 'typedoc';

/** A page is called by its heading. */
const titleOf = (text) => /^#\s+(.+)$/m.exec(text)?.[1].replaceAll('`', '');

const folder = join(import.meta.dirname, '../../docs/tutorials');
const tutorials = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => titleOf(readFileSync(join(folder, name), 'utf8')));

const app = await Application.bootstrapWithPlugins();
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
  const title = titleOf(document.content.map((part) => part.text).join(''));
  document.frontmatter.group = groupOf(title);
  if (title !== undefined) document.name = title;
});

function groupOf(title) {
  if (/^\d+[.:]/.test(title)) return 'Decisions';
  return tutorials.includes(title) ? 'Tutorials' : 'Pages';
}

const project = await app.convert();
if (project !== undefined) {
  app.validate(project);
  if (!app.logger.hasErrors() && !app.logger.hasWarnings()) await app.generateOutputs(project);
}
process.exitCode = project === undefined || app.logger.hasErrors() || app.logger.hasWarnings() ? 1 : 0;
