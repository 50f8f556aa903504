import { columnOf, isJetError, type JetSource } from '@jetsdk/jets';

/** A column of the source, undefined where it has none of that name. */
export async function columnIfThere(source: JetSource, column: string): Promise<Float64Array | undefined> {
  try {
    return await columnOf(source, column);
  } catch (error) {
    if (isJetError(error, 'BAD_DATASET')) return undefined;
    throw error;
  }
}
