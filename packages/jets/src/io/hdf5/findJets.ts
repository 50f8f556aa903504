/** @file Finds the jets in an open HDF5 file, whichever of the layouts it has. */
import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import { shortText } from '../../quoted.js';
import type { OpenJetsOptions } from '../format.js';
import { baseName } from './dataset.js';
import type { H5File } from './h5.js';
import { classesReader, datasetReader, isNumberDataset, type NumberDataset } from './imageSource.js';
import type { H5JetReader } from './jetReader.js';
import { constituentsOf, tableReader } from './tableSource.js';
import type { H5Table } from './tables.js';

const BACKGROUND = /^(qcd|bkg|bg|background)/i;

/**
 * Which of the forms the jets of a file have.
 *
 * @returns undefined if it has none of them
 */
export function findJets(
  file: H5File,
  records: readonly H5Table[],
  options: Pick<OpenJetsOptions, 'dataset' | 'classes'>,
): H5JetReader | undefined {
  const wanted = options.dataset?.replace(/^\/*/, '/');
  const tables = records.filter(({ columns, path }) =>
    wanted === undefined ? constituentsOf(columns) > 0 : path === wanted,
  );
  const arrays = file.datasets
    .filter(isNumberDataset)
    .filter(({ path, shape }) => (shape.length === 3 || shape.length === 4) && (wanted ?? path) === path);
  if (options.classes) return classesReader(file, pickClasses(file, arrays, options.classes));
  const named = arrays.filter(({ path }) => /^(constituents|images)$/.test(baseName(path)));
  const candidates = named.length > 0 ? named : arrays;
  if (tables.length + candidates.length === 0) return undefined;
  if (tables.length === 1 && candidates.length === 0)
    return constituentsOf(tables[0].columns) > 0 ? tableReader(file, tables[0]) : undefined;
  if (tables.length === 0 && candidates.length === 1) return datasetReader(file, candidates[0], kindOf(candidates[0]));
  const background = candidates.filter(({ path }) => BACKGROUND.test(baseName(path)));
  if (tables.length === 0 && candidates.length === 2 && background.length === 1)
    return classesReader(
      file,
      checkClasses(file, [background[0], ...candidates.filter((one) => one !== background[0])]),
    );
  const paths = [...tables, ...candidates].map(({ path }) => path);
  throw new JetError(
    'BAD_DATASET',
    `${file.name}: ${counted(paths.length, 'set')} of jets (${paths.slice(0, 8).join(', ')}); expected one, or two of which one is named like QCD or background; choose with the option dataset, or name the classes in order with the option classes`,
    { datasets: paths },
  );
}

function kindOf({ path, shape }: NumberDataset): 'constituents' | 'images' {
  if (shape.length !== 3 || shape[2] !== 4) return 'images';
  return baseName(path) === 'images' ? 'images' : 'constituents';
}

/** The error that says what is in a file without jets. */
export function noJets(file: H5File, dataset: string | undefined): JetError {
  const found = file.datasets.map(({ path, shape, type, fields }) => {
    const unread = fields.filter((field) => field.type === 'other').map((field) => field.name);
    const hint = unread.length > 0 ? ` whose fields ${unread.slice(0, 4).join(', ')} have no supported type` : '';
    return `${path} ${type} (${shape.join(', ')})${hint}`;
  });
  const links = file.links.map((path) => `${shortText(path)}, a link to another file`);
  found.push(...links);
  return new JetError(
    links.length > 0 ? 'UNSUPPORTED' : 'BAD_DATASET',
    `${file.name}: no jets${dataset === undefined ? '' : ` in ${shortText(dataset)}`}; the file holds ${found.slice(0, 8).join('; ') || 'no dataset'}; expected images (n, height, width[, channels]), constituents (n, m, 4), or a table with columns E_0, PX_0, PY_0, PZ_0, … or those of a layout`,
    { datasets: found },
  );
}

function pickClasses(file: H5File, arrays: readonly NumberDataset[], classes: readonly string[]): NumberDataset[] {
  const picked = classes.map((name) => {
    const found = arrays.find(({ path }) => path === name || path === `/${name}`);
    if (found === undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `${file.name}: no image dataset ${name} for the class of that name; expected some of ${arrays.map(({ path }) => path).join(', ')}`,
        { class: name },
      );
    return found;
  });
  if (picked.length < 2 || new Set(picked).size < picked.length)
    throw new JetError(
      'BAD_ARGUMENT',
      `${file.name}: classes ${classes.join(', ')}; expected at least two different names`,
      {
        classes,
      },
    );
  return checkClasses(file, picked);
}

function checkClasses(file: H5File, datasets: NumberDataset[]): NumberDataset[] {
  const [first, ...others] = datasets;
  for (const other of others)
    if (other.shape.slice(1).join() !== first.shape.slice(1).join())
      throw new JetError(
        'SHAPE_MISMATCH',
        `${file.name}: images of ${first.path} have shape (${first.shape.slice(1).join(', ')}), of ${other.path} (${other.shape.slice(1).join(', ')}); expected the same`,
        { shapes: [first.shape, other.shape] },
      );
  return datasets;
}
