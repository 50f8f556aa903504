/** Bytes of a model file and what to call it in messages. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /**
   * Reads a file beside it; undefined where there is no such place.
   *
   * @param location path from the model's folder, with slashes
   * @throws {JetError} if there is no such file
   */
  readonly beside?: (location: string) => Promise<Uint8Array>;
}
