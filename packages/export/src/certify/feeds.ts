/** @file What a model is fed with, by input name and in batches. */
import { JetError, type JetImages, type Jets, sizeOf, type Tensor } from '@jetsdk/jets';

/** Tensors by input name. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** Jets or images for a model with one input; else tensors by input name. */
export type ModelInputs = Jets | JetImages | Feeds;

function isJets(inputs: ModelInputs): inputs is Jets | JetImages {
  return 'kind' in inputs && (inputs.kind === 'images' || inputs.kind === 'constituents');
}

/** @throws {JetError} BAD_ARGUMENT unless there is something for every input */
export function feedsOf(inputs: ModelInputs, names: readonly string[]): Feeds {
  if (isJets(inputs)) {
    if (names.length !== 1)
      throw new JetError(
        'BAD_ARGUMENT',
        `inputs: jets for a model with inputs ${names.join(', ')}; expected tensors by name`,
        {
          names,
        },
      );
    return { [names[0]]: { shape: inputs.shape, data: inputs.data } };
  }
  for (const name of names)
    if (!Object.hasOwn(inputs, name))
      throw new JetError('BAD_ARGUMENT', `inputs: no input ${name}; got ${Object.keys(inputs).join(', ')}`, { name });
  return inputs;
}

/** @throws {JetError} SHAPE_MISMATCH if the inputs do not fit together, BAD_DATASET if there is no example */
export function examplesOf(inputs: Feeds): number {
  let count: number | undefined;
  for (const [name, { shape, data }] of Object.entries(inputs)) {
    if (sizeOf(shape) !== data.length || (count !== undefined && shape[0] !== count))
      throw new JetError('SHAPE_MISMATCH', `inputs: input ${name} has ${data.length} numbers for shape [${shape}]`, {
        name,
        shape,
        length: data.length,
      });
    count = shape[0];
  }
  if (count === undefined || count === 0)
    throw new JetError('BAD_DATASET', 'inputs: 0 examples; expected at least one', { examples: 0 });
  return count;
}

/** Examples [start, stop), on the same memory. */
export function batchOf(inputs: Feeds, start: number, stop: number): Feeds {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => {
      const width = data.length / shape[0];
      return [name, { shape: [stop - start, ...shape.slice(1)], data: data.subarray(start * width, stop * width) }];
    }),
  );
}
