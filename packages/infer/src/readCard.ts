/** @file The model card inside an ONNX file, checked as far as scoring relies on it. */
import { JetError, type ModelCard } from '@jetsdk/jets';

/** Key of the card in `metadata_props`. */
export const CARD_KEY = 'jetsdk.card';

/**
 * @param json value of `CARD_KEY`
 * @throws {JetError} BAD_MODEL naming the field that is missing or wrong
 */
export function readCard(json: string, where: string): ModelCard {
  let card: unknown;
  try {
    card = JSON.parse(json);
  } catch (cause) {
    throw new JetError('BAD_MODEL', `${where}: model card is not JSON; export the model again`, {}, { cause });
  }
  assertCard(card, where);
  return card;
}

function assertCard(card: unknown, where: string): asserts card is ModelCard {
  const wrong = (field: string, value: unknown, expected: string): JetError =>
    new JetError(
      'BAD_MODEL',
      `${where}: model card, ${field}: got ${JSON.stringify(value) ?? 'nothing'}; expected ${expected}; export the model again`,
      { field, value },
    );
  const object = (field: string, value: unknown): Record<string, unknown> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(field, value, 'an object');
    return value as Record<string, unknown>;
  };
  const string = (field: string, value: unknown): void => {
    if (typeof value !== 'string' || value === '') throw wrong(field, value, 'a text');
  };
  const oneOf = (field: string, value: unknown, allowed: readonly string[]): void => {
    if (typeof value !== 'string' || !allowed.includes(value)) throw wrong(field, value, allowed.join(' or '));
  };

  const top = object('card', card);
  oneOf('format', top.format, ['jetsdk-card/1']);
  string('name', top.name);
  const { classes, signalClass, recipe, parity } = top;
  if (!Array.isArray(classes) || classes.length < 2 || !classes.every((name) => typeof name === 'string'))
    throw wrong('classes', classes, 'at least two names');
  if (typeof signalClass !== 'string' || !classes.includes(signalClass))
    throw wrong('signalClass', signalClass, `one of ${classes.join(', ')}`);

  const input = object('input', top.input);
  oneOf('input.kind', input.kind, ['images', 'constituents']);
  string('input.name', input.name);
  oneOf('input.layout', input.layout, [input.kind === 'images' ? 'NHWC' : 'NMC']);
  const rank = input.kind === 'images' ? 3 : 2;
  const { shape } = input;
  if (
    !Array.isArray(shape) ||
    shape.length !== rank ||
    !shape.every((size) => Number.isInteger(size) && size >= 1 && size <= 65536) ||
    (rank === 2 && shape[1] !== 4)
  )
    throw wrong('input.shape', shape, rank === 3 ? '[height, width, channels]' : '[constituents, 4]');

  const output = object('output', top.output);
  string('output.name', output.name);
  oneOf('output.kind', output.kind, ['score', 'probabilities', 'values']);

  if (recipe !== undefined) {
    const { format, steps } = object('recipe', recipe);
    oneOf('recipe.format', format, ['jetsdk-recipe/1']);
    if (!Array.isArray(steps)) throw wrong('recipe.steps', steps, 'a list');
  }
  if (parity !== undefined) {
    if (!Array.isArray(parity)) throw wrong('parity', parity, 'a list');
    for (const entry of parity) {
      const { tolerance } = object('parity', entry);
      if (typeof tolerance !== 'number' || !(tolerance > 0)) throw wrong('parity.tolerance', tolerance, 'above 0');
    }
  }
}
