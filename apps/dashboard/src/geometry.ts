/** @file Where the parts of a picture lie, as shares of it, so that something can be laid over them. */

/** Shares of the picture's width and height. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The frame of a plot: the first closed rectangle that a path begins with. */
export function frameOf(svg: string): Box | undefined {
  const size = sizeOf(svg);
  const found = / d="M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)H\1Z/.exec(svg);
  if (size === undefined || found === null) return undefined;
  const [left, top, right, bottom] = found.slice(1).map(Number) as [number, number, number, number];
  return shares(size, left, top, right - left, bottom - top);
}

/** The framed panels of a sheet, in order; those without a frame of their own are left out. */
export function panelsOf(svg: string): Box[] {
  const size = sizeOf(svg);
  if (size === undefined) return [];
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const number = (part: Element, name: string): number => Number(part.getAttribute(name));
  return Array.from(root.children)
    .filter((part) => part.tagName === 'svg' && frameOf(part.outerHTML) !== undefined)
    .map((part) => {
      const { left, top, width, height } = frameOf(part.outerHTML)!;
      const [wide, high] = [number(part, 'width'), number(part, 'height')];
      return shares(size, number(part, 'x') + left * wide, number(part, 'y') + top * high, width * wide, height * high);
    });
}

function sizeOf(svg: string): readonly [width: number, height: number] | undefined {
  const found = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}

const shares = (
  [wide, high]: readonly [number, number],
  left: number,
  top: number,
  width: number,
  height: number,
): Box => ({ left: left / wide, top: top / high, width: width / wide, height: height / high });

/** The box as CSS. */
export const placed = ({ left, top, width, height }: Box): Record<string, string> => ({
  left: `${100 * left}%`,
  top: `${100 * top}%`,
  width: `${100 * width}%`,
  height: `${100 * height}%`,
});
