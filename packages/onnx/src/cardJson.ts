/** @file The model card inside an ONNX file. */
import { isJetError, JetError, type ModelCard, parseCard } from '@jetsdk/jets';
import { parseJson } from '@jetsdk/jets/json';

/** Key of the card in `metadata_props`. */
export const CARD_KEY = 'jetsdk.card';

/**
 * @param json value of `CARD_KEY`
 * @throws {JetError} BAD_MODEL naming the key that is missing or wrong
 */
export function cardFromJson(json: string, where: string): ModelCard {
  try {
    return parseCard(parseJson(json, 'card'));
  } catch (cause) {
    if (!isJetError(cause)) throw cause;
    throw new JetError('BAD_MODEL', `${where}: model ${cause.message}; export the model again`, cause.details, {
      cause,
    });
  }
}
