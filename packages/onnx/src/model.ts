/** @file An ONNX model as plain data: what is read, checked, rewritten and written. */

/** `TensorProto.DataType`: the names, and how many bytes a number takes; 0 where that differs or is not known. */
export const ELEMENT_TYPES = {
  unknown: { code: 0, bytes: 0 },
  float32: { code: 1, bytes: 4 },
  uint8: { code: 2, bytes: 1 },
  int8: { code: 3, bytes: 1 },
  uint16: { code: 4, bytes: 2 },
  int16: { code: 5, bytes: 2 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  string: { code: 8, bytes: 0 },
  bool: { code: 9, bytes: 1 },
  float16: { code: 10, bytes: 2 },
  float64: { code: 11, bytes: 8 },
  uint32: { code: 12, bytes: 4 },
  uint64: { code: 13, bytes: 8 },
  complex64: { code: 14, bytes: 8 },
  complex128: { code: 15, bytes: 16 },
  bfloat16: { code: 16, bytes: 2 },
  float8e4m3fn: { code: 17, bytes: 1 },
  float8e4m3fnuz: { code: 18, bytes: 1 },
  float8e5m2: { code: 19, bytes: 1 },
  float8e5m2fnuz: { code: 20, bytes: 1 },
  uint4: { code: 21, bytes: 0.5 },
  int4: { code: 22, bytes: 0.5 },
  float4e2m1: { code: 23, bytes: 0.5 },
  float8e8m0: { code: 24, bytes: 1 },
  uint2: { code: 25, bytes: 0.25 },
  int2: { code: 26, bytes: 0.25 },
} as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

/** Where the numbers of a constant lie in another file. */
export interface ExternalPlace {
  /** path from the model's folder, with slashes */
  readonly location: string;
  /** bytes */
  readonly offset: number;
  /** bytes; undefined: to the end of the file */
  readonly length: number | undefined;
}

/** A constant array; ONNX calls it a tensor, or an initializer. */
export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /**
   * little-endian, row-major; of what was read lightly made when it is asked for
   *
   * @throws {JetError} BAD_MODEL if it is not as long as `dims` and `type` say; UNSUPPORTED where it lies in another file
   */
  readonly data: Uint8Array;
  readonly external?: ExternalPlace;
}

/** The last three come only of a light reading. */
export type Attribute =
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'tensor'; readonly value: Initializer }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'graph'; readonly value: Graph }
  | { readonly type: 'graphs'; readonly value: readonly Graph[] }
  | { readonly type: 'other'; readonly value?: undefined };

export interface Node {
  readonly name: string;
  readonly opType: string;
  /** whose operator it is; absent for ONNX's own */
  readonly domain?: string;
  /** an empty name is an optional input left out */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A length, or the name of a length that is known only at run time; empty where it has none. */
export type Dim = number | string;

export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  /** absent where the rank is unknown */
  readonly shape?: readonly Dim[];
  /** what it is where it is no tensor; `type` is then unknown */
  readonly container?: 'sequence' | 'map' | 'sparse tensor' | 'optional';
}

export interface Graph {
  readonly name: string;
  /** what a caller gives */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** types and shapes of what lies between inputs and outputs, where known */
  readonly values: readonly ValueInfo[];
  readonly initializers: readonly Initializer[];
  /** in an order in which they can run */
  readonly nodes: readonly Node[];
}

export interface Model {
  readonly irVersion: number;
  /** version of ONNX's own operator set */
  readonly opset: number;
  /** versions of other operator sets, by domain; absent where there are none */
  readonly otherOpsets?: Readonly<Record<string, number>>;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly graph: Graph;
  /** `metadata_props` */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Rounded as the file will hold it. */
export const float = (value: number): Attribute => ({ type: 'float', value: Math.fround(value) });
export const int = (value: number): Attribute => ({ type: 'int', value });
export const floats = (value: readonly number[]): Attribute => ({ type: 'floats', value: value.map(Math.fround) });
export const ints = (value: readonly number[]): Attribute => ({ type: 'ints', value });
export const string = (value: string): Attribute => ({ type: 'string', value });
export const strings = (value: readonly string[]): Attribute => ({ type: 'strings', value });
