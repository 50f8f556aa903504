import { openJets } from '@jetsdk/jets/files';
import { fileTarget, readAllJets } from '../files.mjs';

export default fileTarget('packages/jets/fixtures', /\.npz$/, (path) => readAllJets(openJets, path));
