// Builds the documentation: the pages of docs/ and the API reference as one static site, whose every warning is an error.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Application, Converter } from 'typedoc';

const tutorials = readdirSync(join(import.meta.dirname, '../../docs/tutorials')).filter((name) => name !== 'README.md');

const app = await Application.bootstrapWithPlugins();
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
  document.frontmatter.group = groupOf(document.name);
  // a page is called by its heading
  const text = document.content.map((part) => part.text).join('');
  const title = /^#\s+(.+)$/m.exec(text);
  if (title !== null) document.name = title[1].replaceAll('`', '');
});
function groupOf(name) {
  if (/^\d{4}-/.test(name)) return 'Decisions';
  return tutorials.includes(`${name}.md`) ? 'Tutorials' : 'Pages';
}

const project = await app.convert();
if (project !== undefined) {
  app.validate(project);
  if (!app.logger.hasErrors() && !app.logger.hasWarnings()) await app.generateOutputs(project);
}
process.exitCode = project === undefined || app.logger.hasErrors() || app.logger.hasWarnings() ? 1 : 0;
