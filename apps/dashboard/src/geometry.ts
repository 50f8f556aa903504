import type { FrameBox } from '@jetsdk/plots';

/** A frame of a picture as CSS of something laid over it. */
export const placed = ({ left, top, width, height }: FrameBox): Record<string, string> => ({
  left: `${100 * left}%`,
  top: `${100 * top}%`,
  width: `${100 * width}%`,
  height: `${100 * height}%`,
});
