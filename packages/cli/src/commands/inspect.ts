import type { Command } from 'commander';

/** `jetsdk inspect` */
export function addInspect(command: Command): void {
  command
    .argument(
      '<model>',
      'ONNX file, or a name from `jetsdk models`; or a model of Keras (.keras, .h5) or TensorFlow.js (model.json)',
    )
    .option('--json', 'print JSON')
    .action(async (model: string, { json }: { json?: true }) =>
      (await import('../actions/inspect.js')).inspect(model, json ?? false),
    );
}
