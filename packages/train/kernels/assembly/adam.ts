/** @file One step of Adam. */
import { floats, madd } from './vector';

/**
 * Elements [first, last): m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
 * w ← w − rate · m / (√v · scale + ε); `rate` and `scale` carry the bias corrections.
 */
export function adam(
  w: usize, g: usize, m: usize, v: usize, newW: usize, newM: usize, newV: usize, first: i32, last: i32,
  beta1: f32, beta2: f32, rate: f32, scale: f32, epsilon: f32,
): void {
  const b1 = f32x4.splat(beta1), r1 = f32x4.splat(<f32>1 - beta1);
  const b2 = f32x4.splat(beta2), r2 = f32x4.splat(<f32>1 - beta2);
  const lr = f32x4.splat(rate), sc = f32x4.splat(scale), ep = f32x4.splat(epsilon);
  let i = first;
  for (; i + 3 < last; i += 4) {
    const o = floats(i);
    const d = v128.load(g + o);
    const mm = madd(v128.load(m + o), b1, f32x4.mul(d, r1));
    const vv = madd(v128.load(v + o), b2, f32x4.mul(f32x4.mul(d, d), r2));
    v128.store(newM + o, mm);
    v128.store(newV + o, vv);
    const stepSize = f32x4.div(f32x4.mul(lr, mm), madd(f32x4.sqrt(vv), sc, ep));
    v128.store(newW + o, f32x4.sub(v128.load(w + o), stepSize));
  }
  for (; i < last; i++) {
    const o = floats(i);
    const d = f32.load(g + o);
    const mm = f32.load(m + o) * beta1 + d * (<f32>1 - beta1);
    const vv = f32.load(v + o) * beta2 + d * d * (<f32>1 - beta2);
    f32.store(newM + o, mm);
    f32.store(newV + o, vv);
    f32.store(newW + o, f32.load(w + o) - (rate * mm) / (sqrt<f32>(vv) * scale + epsilon));
  }
}
