import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OptionDefaults } from 'typedoc';

const root = join(import.meta.dirname, '../..');
const packages = join(root, 'packages');
const documents = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, folder, name));

/** The pages of docs/, and the reference of every package but the command, which offers no functions, and the element, which offers infer's. */
export default {
  name: 'Jet SDK',
  readme: join(root, 'README.md'),
  projectDocuments: [
    join(root, 'CONTRIBUTING.md'),
    join(root, 'CHANGELOG.md'),
    ...documents('docs'),
    ...documents('docs/decisions'),
  ],
  searchInDocuments: true,
  navigation: { includeGroups: true },
  groupOrder: ['Pages', 'Modules', '*', 'Decisions'],
  entryPointStrategy: 'packages',
  entryPoints: readdirSync(packages)
    .filter((name) => !['cli', 'element'].includes(name))
    .map((name) => join(packages, name)),
  // a typedoc.json of a package lists what its public types are derived from and does not itself offer
  packageOptions: { blockTags: [...OptionDefaults.blockTags, '@file'], sort: ['alphabetical'] },
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'python'],
  out: 'dist',
  logLevel: 'Warn',
  githubPages: false,
};
