import { JetError, type Random } from '@jetsdk/jets';

/** Random changes to training images that leave the physics as it is; drawn anew for every jet and epoch. */
export interface Augmentation {
  /** axes along which half of the images are mirrored; row = η, column = φ, as the recipes have them */
  readonly flip?: readonly ('eta' | 'phi')[];
  /** largest angle in degrees, in [0, 180]; uniform on both sides */
  readonly rotate?: number;
  /** largest shift in pixels along each axis, ≥ 0; uniform whole pixels on both sides */
  readonly shift?: number;
  /** relative resolution of each pixel's pT, ≥ 0: pixels are multiplied with 1 + smear · normal, but not below 0 */
  readonly smear?: number;
}

/** @throws {JetError} OUT_OF_RANGE for a setting without meaning; BAD_ARGUMENT if jets are no images */
export function checkAugmentation(
  { flip = [], rotate = 0, shift = 0, smear = 0 }: Augmentation,
  shape: readonly number[],
): void {
  if (shape.length !== 3)
    throw new JetError(
      'BAD_ARGUMENT',
      `augmentation: jets of shape ${shape.join('×')}; expected height × width × channels`,
    );
  const ranges: readonly (readonly [string, number, number])[] = [
    ['rotate', rotate, 180],
    ['shift', shift, Math.min(shape[0], shape[1]) - 1],
    ['smear', smear, 1],
  ];
  for (const [name, value, most] of ranges)
    if (!(value >= 0 && value <= most))
      throw new JetError('OUT_OF_RANGE', `augmentation: ${name} ${value}; expected 0 to ${most}`, { [name]: value });
  const unknown = flip.find((axis) => axis !== 'eta' && axis !== 'phi');
  if (unknown !== undefined || !Number.isInteger(shift))
    throw new JetError(
      'OUT_OF_RANGE',
      `augmentation: flip ${flip.join(', ')}, shift ${shift}; expected eta, phi, whole pixels`,
    );
}

/**
 * Augmented copies of images. What a turn or shift moves out of the image is lost; within it, the sum is kept.
 *
 * @param rows (jets × height × width × channels); not modified
 * @param shape of one image
 */
export function augment(
  rows: Float32Array,
  shape: readonly number[],
  { flip = [], rotate = 0, shift = 0, smear = 0 }: Augmentation,
  rng: Random,
): Float32Array {
  const [height, width, channels] = shape as [number, number, number];
  const size = height * width * channels;
  const out = new Float32Array(rows.length);
  const [flipEta, flipPhi] = [flip.includes('eta'), flip.includes('phi')];
  const whole = (most: number): number => rng.integer(2 * most + 1) - most;
  for (let base = 0; base < rows.length; base += size) {
    const mirrorX = flipPhi && rng.uniform() < 0.5 ? -1 : 1;
    const mirrorY = flipEta && rng.uniform() < 0.5 ? -1 : 1;
    const angle = rotate > 0 ? ((2 * rng.uniform() - 1) * rotate * Math.PI) / 180 : 0;
    const [dx, dy] = shift > 0 ? [whole(shift), whole(shift)] : [0, 0];
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
    for (let at = 0; at < size; at += channels) {
      if (isEmpty(rows, base + at, channels)) continue;
      const x = mirrorX * (((at / channels) % width) - centreX);
      const y = mirrorY * (Math.floor(at / channels / width) - centreY);
      const column = cos * x - sin * y + centreX + dx;
      const row = sin * x + cos * y + centreY + dy;
      const scale = smear > 0 ? Math.max(0, 1 + smear * rng.normal()) : 1;
      const [left, top] = [Math.floor(column), Math.floor(row)];
      const [right, bottom] = [column - left, row - top];
      for (let j = 0; j < 2; j++)
        for (let i = 0; i < 2; i++) {
          const share = scale * (i ? right : 1 - right) * (j ? bottom : 1 - bottom);
          const [q, r] = [left + i, top + j];
          if (share === 0 || q < 0 || q >= width || r < 0 || r >= height) continue;
          const to = base + (r * width + q) * channels;
          for (let c = 0; c < channels; c++) out[to + c] += share * rows[base + at + c];
        }
    }
  }
  return out;
}

function isEmpty(rows: Float32Array, at: number, channels: number): boolean {
  for (let c = 0; c < channels; c++) if (rows[at + c] !== 0) return false;
  return true;
}
