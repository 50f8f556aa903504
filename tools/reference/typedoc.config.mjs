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
  packageOptions: { blockTags: [...OptionDefaults.blockTags, '@file'], sort: ['alphabetical'] },
  out: 'dist',
  logLevel: 'Warn',
  treatWarningsAsErrors: true,
  githubPages: false,
};
