/** @file An ONNX model as plain data: what is encoded, decoded, checked and rewritten. */

/** Names of `TensorProto.DataType`, the ones this package reads and writes. */
export const ELEMENT_TYPES = {
  float32: { code: 1, bytes: 4 },
  uint8: { code: 2, bytes: 1 },
  int8: { code: 3, bytes: 1 },
  uint16: { code: 4, bytes: 2 },
  int16: { code: 5, bytes: 2 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  bool: { code: 9, bytes: 1 },
  float16: { code: 10, bytes: 2 },
  float64: { code: 11, bytes: 8 },
  uint32: { code: 12, bytes: 4 },
  uint64: { code: 13, bytes: 8 },
} as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

/** A constant array. */
export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** little-endian, row-major; as long as `dims` and `type` say */
  readonly data: Uint8Array;
}

export type Attribute =
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'tensor'; readonly value: Tensor }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] };

export interface Node {
  readonly name: string;
  readonly opType: string;
  /** an empty name is an optional input left out */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A length, or the name of a length that is known only at run time. */
export type Dim = number | string;

export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  /** absent where the rank is unknown */
  readonly shape?: readonly Dim[];
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** types and shapes of what lies between inputs and outputs, where known */
  readonly values: readonly ValueInfo[];
  readonly initializers: readonly Tensor[];
  /** in an order in which they can run */
  readonly nodes: readonly Node[];
}

export interface Model {
  readonly irVersion: number;
  /** version of the default operator set, the only one allowed */
  readonly opset: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly graph: Graph;
  /** `metadata_props` */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Rounded as the file will hold it. */
export const float = (value: number): Attribute => ({ type: 'float', value: Math.fround(value) });
export const int = (value: number): Attribute => ({ type: 'int', value });
export const ints = (value: readonly number[]): Attribute => ({ type: 'ints', value });
export const string = (value: string): Attribute => ({ type: 'string', value });
