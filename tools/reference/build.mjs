// Builds the documentation: the pages of docs/ and the API reference as one static site, whose every warning is an error.
import { Application, Converter } from 'typedoc';

const app = await Application.bootstrapWithPlugins();
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
  const decision = /^\d{4}-/.test(document.name);
  document.frontmatter.group = decision ? 'Decisions' : 'Pages';
  // a page is called by its heading
  const text = document.content.map((part) => part.text).join('');
  const title = /^#\s+(.+)$/m.exec(text);
  if (title !== null) document.name = title[1].replaceAll('`', '');
});
const project = await app.convert();
if (project !== undefined) {
  app.validate(project);
  if (!app.logger.hasErrors() && !app.logger.hasWarnings()) await app.generateOutputs(project);
}
process.exitCode = project === undefined || app.logger.hasErrors() || app.logger.hasWarnings() ? 1 : 0;
