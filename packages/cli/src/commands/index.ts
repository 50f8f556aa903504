import type { Command } from 'commander';

/** A command of `jetsdk`; its module, with the libraries behind it, is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** adds arguments, options and action to the command */
  load(): Promise<(command: Command) => void>;
  /** more for --help, about what is named with it */
  help?(args: readonly string[]): Promise<string>;
}

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'the whole line on the bundled sample, ending in a report to look at',
    load: async () => (await import('./demo.js')).addDemo,
  },
  {
    name: 'data',
    summary: 'look into files of jets, convert them, make images',
    load: async () => (await import('./data.js')).addData,
  },
  {
    name: 'recipes',
    summary: 'how jets become images: list the recipes, show one, try it on a jet',
    load: async () => (await import('./recipes.js')).addRecipes,
  },
  {
    name: 'train',
    summary: 'train a reference network on labelled jets',
    load: async () => (await import('./train.js')).addTrain,
    help: async (args) => (await import('../actions/networkHelp.js')).networkHelp(args),
  },
  {
    name: 'runs',
    summary: 'gather run folders into one table: mean and spread over seeds, best by validation, cost',
    load: async () => (await import('./runs.js')).addRuns,
  },
  {
    name: 'export',
    summary: 'write the network of a run as ONNX and prove that it gives the same scores',
    load: async () => (await import('./export.js')).addExport,
  },
  {
    name: 'score',
    summary: 'score the jets of files with a model, at once or in shards',
    load: async () => (await import('./score.js')).addScore,
  },
  {
    name: 'correct',
    summary: 'take pile-up out of the jets of files with a model that gives images',
    load: async () => (await import('./correct.js')).addCorrect,
  },
  {
    name: 'generate',
    summary: 'make showers or jets with a generator, from a seed and what is asked',
    load: async () => (await import('./generate.js')).addGenerate,
  },
  {
    name: 'merge',
    summary: 'put the scores of all shards into one file',
    load: async () => (await import('./merge.js')).addMerge,
  },
  {
    name: 'serve',
    summary: 'serve models over HTTP by the Open Inference Protocol v2',
    load: async () => (await import('./serve.js')).addServe,
  },
  {
    name: 'eval',
    summary: 'metrics with uncertainties of one or more score files on the same jets',
    load: async () => (await import('./evaluate.js')).addEval,
  },
  {
    name: 'compare',
    summary: 'score the jets that no model was trained on with several, and test which is better',
    load: async () => (await import('./compare.js')).addCompare,
  },
  {
    name: 'challenge',
    summary: 'set up held-out challenges, check submissions, rank them',
    load: async () => (await import('./challenge.js')).addChallenge,
  },
  {
    name: 'summary',
    summary: 'layers, shapes, parameters and costs of a network, a run or an ONNX file',
    load: async () => (await import('./summary.js')).addSummary,
  },
  {
    name: 'inspect',
    summary: 'say what is in an ONNX file: graph, operators, sizes, card, hashes',
    load: async () => (await import('./inspect.js')).addInspect,
  },
  {
    name: 'parity',
    summary: 'score the same jets on several devices and compare',
    load: async () => (await import('./parity.js')).addParity,
  },
  {
    name: 'models',
    summary: 'list the reference models; score and inspect take their names',
    load: async () => (await import('./models.js')).addModels,
  },
  {
    name: 'doctor',
    summary: 'say which devices and training backends work here, and why the others do not',
    load: async () => (await import('./doctor.js')).addDoctor,
  },
];
