/** @file Operators that treat shapes alike. */

export const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => Math.trunc(a / b),
  Pow: (a, b) => a ** b,
  Max: Math.max,
  Min: Math.min,
  Equal: (a, b) => Number(a === b),
};

/** Shapes as broadcasting makes them. */
export const BROADCAST = words(
  'And Or Xor Greater GreaterOrEqual Less LessOrEqual PRelu Where Mod BitShift Sum Mean Max Min BitwiseAnd BitwiseOr BitwiseXor',
);

/** A number for each of the first input. */
export const ALIKE = words(
  `Abs Acos Acosh Asin Asinh Atan Atanh BatchNormalization BitwiseNot Ceil Celu Clip Cos Cosh CumSum DequantizeLinear
   Dropout DynamicQuantizeLinear Elu Erf Exp Floor Gelu GroupNormalization HardSigmoid HardSwish Hardmax
   InstanceNormalization IsInf IsNaN LayerNormalization LeakyRelu Log LogSoftmax LpNormalization LRN
   MeanVarianceNormalization Mish Neg Not QuantizeLinear Reciprocal Relu RMSNormalization Round ScatterElements ScatterND
   Selu Shrink Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu Trilu`,
);

export const REDUCING = words(
  'ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare',
);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
