/** @file Where the framed panels of a picture lie, so that a page can lay something over them. */

/** A frame as shares of the picture's width and height, each in [0, 1]. */
export interface FrameBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The attribute of a picture that holds its frames. */
export const FRAMES = 'data-frames';

/** Frames as the attribute holds them. */
export function writeFrames(frames: readonly FrameBox[]): string {
  const share = (value: number): string => String(Number(value.toFixed(5)));
  return frames.map(({ left, top, width, height }) => [left, top, width, height].map(share).join(' ')).join(', ');
}

/**
 * The framed panels of a picture of this package, in the order in which they were given.
 *
 * @param svg not modified
 * @returns an empty list for other SVG
 */
export function framesOf(svg: string): readonly FrameBox[] {
  const found = new RegExp(`^<svg [^>]*${FRAMES}="([^"]+)"`).exec(svg);
  if (found === null) return [];
  return found[1].split(', ').map((frame) => {
    const [left, top, width, height] = frame.split(' ').map(Number);
    return { left, top, width, height };
  });
}
