/** @file The model card inside an ONNX file. */
import { isJetError, JetError, type ModelCard, parseCard } from '@jetsdk/jets';

/** Key of the card in `metadata_props`. */
export const CARD_KEY = 'jetsdk.card';

/**
 * @param json value of `CARD_KEY`
 * @throws {JetError} BAD_MODEL naming the key that is missing, wrong or not known
 */
export function cardFromJson(json: string, where: string): ModelCard {
  let card: unknown;
  try {
    card = JSON.parse(json);
  } catch (cause) {
    throw new JetError('BAD_MODEL', `${where}: model card is not JSON; export the model again`, {}, { cause });
  }
  try {
    return parseCard(card);
  } catch (cause) {
    if (!isJetError(cause)) throw cause;
    throw new JetError('BAD_MODEL', `${where}: model ${cause.message}; export the model again`, cause.details, {
      cause,
    });
  }
}
