import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OptionDefaults } from 'typedoc';

const packages = join(import.meta.dirname, '../../packages');

/** Every package but the command, which offers no functions. */
export default {
  name: 'Jet SDK',
  readme: 'none',
  entryPointStrategy: 'packages',
  entryPoints: readdirSync(packages)
    .filter((name) => name !== 'cli')
    .map((name) => join(packages, name)),
  // a typedoc.json of a package lists what its public types are derived from and does not itself offer
  packageOptions: { blockTags: [...OptionDefaults.blockTags, '@file'], sort: ['alphabetical'] },
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'python'],
  out: 'dist',
  logLevel: 'Warn',
  treatWarningsAsErrors: true,
  githubPages: false,
};
