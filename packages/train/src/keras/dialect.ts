/** @file What a version of Keras writes of layers: tables of rows, one for each kind. */

export type Json = Readonly<Record<string, unknown>>;

/** How one kind of layer is written. Every key of its configuration is in its row, or refused. */
export interface LayerRow {
  /** its class here, where that is another one, or follows from its configuration as translated so far */
  readonly as?: string | ((config: Json) => string);
  /** keys that are taken as they are */
  readonly keys?: readonly string[];
  /** keys with other names here */
  readonly renamed?: Readonly<Record<string, string>>;
  /** keys that must have one of some values, and are left out */
  readonly only?: Readonly<Record<string, readonly unknown[]>>;
  /** keys that change nothing of what is computed here */
  readonly dropped?: readonly string[];
  /** what its configuration has here beside */
  readonly added?: Json;
  /** arguments of a call that are tensors, behind the first; in the order of the inputs here */
  readonly tensors?: readonly string[];
  /** a key whose value is a layer */
  readonly inner?: string;
  /** the layer within, which does the same to every row, and is taken in its place */
  readonly wraps?: string;
  /** last change to the configuration as translated so far; undefined: not possible */
  readonly finish?: (config: Json) => Json | undefined;
}

/** What a version of Keras writes. */
export interface Dialect {
  /** e.g. `Keras 3` */
  readonly name: string;
  readonly layers: Readonly<Record<string, LayerRow>>;
  /** activation functions by name, with their names here */
  readonly activations: Readonly<Record<string, string>>;
}
