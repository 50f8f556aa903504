/** @file The image of one jet: operation by operation `addUp` of `src/recipe/plainConstituents.ts`. */

/** Whether one of three is chosen: 0 both, 1 those that are not, 2 those that are. */
@inline
function isChosen(which: i32, is: bool): bool {
  return which === 0 || which === 1 + i32(is);
}

/**
 * @param weights array of float64; below 0 for one each
 * @param which charged ones or others, and three times that: of the leading vertex or others
 * @param image int32 pixels, float32 values, int32 places, `size` each
 * @param listed pixels that are in the list before
 * @returns how many are after
 */
export function addUp(
  stride: usize,
  count: i32,
  weights: i32,
  channel: i32,
  which: i32,
  charges: usize,
  vertices: usize,
  image: usize,
  size: usize,
  listed: i32,
): i32 {
  const bins: usize = 7 * stride + (stride >> 1);
  const values = image + 4 * size;
  const places = image + 8 * size;
  for (let i: i32 = 0; i < count; i++) {
    const bin = load<i32>(bins + (i << 2));
    if (bin < 0) continue;
    if (which !== 0) {
      if (!isChosen(which % 3, load<i8>(charges + i) !== 0) || !isChosen(which / 3, load<i8>(vertices + i) === 0)) continue;
    }
    // without a branch on whether the pixel is new, which no processor foresees
    const at = places + ((bin + channel) << 2);
    const known = load<i32>(at);
    listed += i32(known === 0);
    const place = known === 0 ? listed : known;
    store<i32>(at, place);
    store<i32>(image + ((place - 1) << 2), bin + channel);
    const value = values + ((place - 1) << 2);
    const weight = weights < 0 ? 1 : load<f64>(weights + (i << 3));
    store<f32>(value, <f32>(<f64>load<f32>(value) + weight));
  }
  return listed;
}
