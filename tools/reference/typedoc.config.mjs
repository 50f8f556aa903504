import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OptionDefaults } from 'typedoc';

const root = join(import.meta.dirname, '../..');
const packages = join(root, 'packages');
const documents = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, folder, name));

/** Headings of code alone have a text as well, so that they are listed and linked. */
function headingCode({ tokens }) {
  tokens.forEach(({ type }, i) => {
    if (type !== 'heading_open') return;
    for (const child of tokens[i + 1].children ?? [])
      if (child.type === 'code_inline') child.children = [{ type: 'text', content: child.content }];
  });
}

/** The pages of docs/, and the reference of every package but the command, which offers no functions, and the element, which offers infer's. */
export default {
  name: 'Jet SDK',
  readme: join(root, 'README.md'),
  projectDocuments: [
    join(root, 'CONTRIBUTING.md'),
    join(root, 'CHANGELOG.md'),
    ...documents('docs'),
    ...documents('docs/tutorials'),
    ...documents('docs/decisions'),
  ],
  searchInDocuments: true,
  navigation: { includeGroups: true },
  groupOrder: ['Pages', 'Tutorials', 'Modules', '*', 'Decisions'],
  markdownItLoader: (parser) => parser.core.ruler.push('heading-code', headingCode),
  entryPointStrategy: 'packages',
  entryPoints: readdirSync(packages)
    .filter((name) => !['cli', 'element'].includes(name))
    .map((name) => join(packages, name)),
  // a typedoc.json of a package lists what its public types are derived from and does not itself offer
  packageOptions: { blockTags: [...OptionDefaults.blockTags, '@file'], sort: ['alphabetical'] },
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'python', 'jsx'],
  out: 'dist',
  logLevel: 'Warn',
  githubPages: false,
};
