import { JetError } from '@jetsdk/jets';
import { CARD_KEY, REGRESSOR_KEY } from '@jetsdk/onnx/card';

/** Of a model of another kind, with the call that takes it. */
export function noGenerator(name: string, metadata: ReadonlyMap<string, string>): JetError {
  const found = metadata.has(CARD_KEY)
    ? 'the card of a tagger; load it with loadTagger'
    : metadata.has(REGRESSOR_KEY)
      ? 'the card of a regressor; load it with loadRegressor'
      : 'no card of one; export it with exportGenerator';
  return new JetError('BAD_MODEL', `${name}: no generator, it has ${found}`, { model: name });
}
