// Every command that writes, with the files that it needs.

/**
 * @typedef {object} Crashed
 * @property {readonly (keyof typeof ground)[]} needs besides the jets
 * @property {readonly string[]} args
 * @property {(there: (path: string) => boolean) => readonly string[]} [again] what a user calls next, if not the same
 * @property {RegExp} [varies] files whose bytes depend on the time
 * @property {RegExp} [unfinished] files that may be there and not be final, since readers are told so
 */

/** What commands need, made before them in this order; each with `jetsdk` in the folder. */
export const ground = {
  jets: ['data', 'convert', 'DATA', '--rows', '0:300', '-o', 'jets.h5'],
  others: ['data', 'convert', 'DATA', '--rows', '300:400', '-o', 'others.h5'],
  mixed: ['data', 'convert', 'PILE_UP', '-o', 'mixed.h5'],
  corrector: ['train', 'pumml', '--data', 'mixed.h5', '--validation', 'mixed.h5', '--epochs', '1', '-o', 'corrector'],
  scores: ['score', 'course-cnn', 'jets.h5', '-o', 'g__n.npy'],
  trained: ['train', 'course-cnn', '--data', 'jets.h5', '--epochs', '1', '-o', 'trained'],
  challenge: ['challenge', 'init', 'jets.h5', '--seed', '3', '-o', 'challenge'],
  submitted: ['challenge', 'submit', 'g__n.npy', '--challenge', 'challenge'],
  showers: ['generate', 'calo-flow', '-n', '60', '--energy', '50', '--seed', '1', '-o', 'showers.h5'],
  simulated: ['generate', 'calo-flow', '-n', '60', '--energy', '50', '--seed', '2', '-o', 'simulated.h5'],
  first: ['score', 'course-cnn', 'jets.h5', '--shard', '0/2', '-o', 'parts.npy'],
  second: ['score', 'course-cnn', 'jets.h5', '--shard', '1/2', '-o', 'parts.npy'],
};

/** @type {Readonly<Record<string, Crashed>>} */
export const commands = {
  convert: { needs: [], args: ['data', 'convert', 'jets.h5', '-o', 'out.h5'] },
  images: { needs: [], args: ['data', 'images', 'jets.h5', '--recipe', 'iml-40', '-o', 'out.h5'] },
  pictures: { needs: [], args: ['data', 'pictures', 'jets.h5', '-o', 'out'] },
  score: { needs: [], args: ['score', 'course-cnn', 'jets.h5', '-o', 'out.npy'] },
  shard: { needs: [], args: ['score', 'course-cnn', 'jets.h5', '--shard', '0/3', '-o', 'out.npy'] },
  merge: { needs: ['first', 'second'], args: ['merge', 'parts.npy'] },
  eval: { needs: ['scores'], args: ['eval', '--labels', 'jets.h5', '--scores', 'g__n.npy', '--report', 'out.html'] },
  train: {
    needs: [],
    args: ['train', 'course-cnn', '--data', 'jets.h5', '--epochs', '2', '-o', 'run'],
    again: (there) => [...commands.train.args, ...(there('run/run.json') ? ['--resume'] : [])],
    varies: /(history|run)\.json$|report\.html$|last\.bin$/,
    unfinished: /^run\//,
  },
  template: { needs: [], args: ['train', '--init', 'network.mjs'] },
  export: { needs: ['trained'], args: ['export', 'trained', '-o', 'out.onnx'] },
  int8: {
    needs: ['trained', 'others'],
    args: ['export', 'trained', '-o', 'out.onnx', '--precision', 'int8', '--measure', 'others.h5'],
  },
  triton: { needs: ['trained'], args: ['export', 'trained', '-o', 'out.onnx', '--triton', 'repository'] },
  regress: {
    needs: ['mixed'],
    args: ['train', 'pumml', '--data', 'mixed.h5', '--validation', 'mixed.h5', '--epochs', '2', '-o', 'run'],
    again: (there) => [...commands.regress.args, ...(there('run/run.json') ? ['--resume'] : [])],
    varies: /(history|run)\.json$|report\.html$|last\.bin$/,
    unfinished: /^run\//,
  },
  regressor: { needs: ['mixed', 'corrector'], args: ['export', 'corrector', '-o', 'out.onnx', '--name', 'mine'] },
  correct: { needs: ['mixed'], args: ['correct', 'pumml', 'mixed.h5', '-o', 'out.h5'] },
  correctImages: { needs: ['mixed'], args: ['correct', 'pumml', 'mixed.h5', '-o', 'out.npy'] },
  generate: { needs: [], args: ['generate', 'calo-flow', '-n', '20', '--energy', '50', '-o', 'out.h5'] },
  generatePart: {
    needs: [],
    args: ['generate', 'calo-flow', '-n', '20', '--energy', '50', '--shard', '0/2', '-o', 'out.h5'],
  },
  generated: {
    needs: ['showers', 'simulated'],
    args: ['eval', 'showers.h5', 'simulated.h5', '--report', 'out.html'],
    // it has the times that the tests took
    varies: /html$/,
  },
  foreign: { needs: ['trained'], args: ['export', 'trained/model.json', '-o', 'out.onnx'] },
  recipes: { needs: ['mixed'], args: ['recipes', 'pumml', 'mixed.h5', '--draw', 'out.svg'] },
  runs: { needs: ['trained'], args: ['runs', 'trained', '--report', 'out.html'] },
  compare: {
    needs: [],
    args: ['compare', 'course-cnn', 'course-dense', '--data', 'jets.h5', '--replicates', '99', '--report', 'out.html'],
    // it has the speeds that were measured
    varies: /html$/,
  },
  init: {
    needs: [],
    args: ['challenge', 'init', 'jets.h5', '--seed', '7', '-o', 'other'],
    // a challenge that is there is complete, and never made anew
    again: (there) => (there('other') ? ['data', 'info', 'other/public/jets.h5'] : commands.init.args),
  },
  submit: {
    needs: ['scores', 'challenge'],
    args: ['challenge', 'submit', 'g__n.npy', '--challenge', 'challenge'],
    varies: /receipt\.json$/,
  },
  rank: {
    needs: ['scores', 'challenge', 'submitted'],
    args: ['challenge', 'rank', '--challenge', 'challenge', '--replicas', '20', '--report', 'out.html'],
    varies: /html$/,
  },
};
