import { openJets } from '@jetsdk/jets/files';
import { fileTarget, readAllJets } from '../files.mjs';

export default fileTarget('packages/jets/fixtures', /\.root$/, (path) => readAllJets(openJets, path));
