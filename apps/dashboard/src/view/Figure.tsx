/** @file A picture of @jetsdk/plots as wide as its place, with a way to take it away. */

import { isJetError } from '@jetsdk/jets';
import type { FrameBox, PlotOptions } from '@jetsdk/plots';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { save, savePng } from '../download.js';
import { loadPlots, type Plots, plots } from '../plots.js';
import { Drawing } from './Drawing.js';

function usePlots(): Plots | undefined {
  const [found, set] = useState(plots);
  useEffect(() => void loadPlots().then((loaded) => set(loaded)), []);
  return found;
}

interface FigureProps {
  /** of the file that is taken away */
  readonly name: string;
  readonly heading: string;
  readonly caption?: ComponentChildren;
  /** what is beside the heading */
  readonly tools?: ComponentChildren;
  /** @param taken whether the picture is taken away, without what is laid over it in the page */
  readonly draw: (plots: Plots, options: PlotOptions & { readonly width: number }, taken: boolean) => string;
  /** what the picture is drawn from: it is drawn again when one of these changes */
  readonly of: readonly unknown[];
  /** something laid over the picture, by the frames of its panels */
  readonly over?: (frames: readonly FrameBox[], plots: Plots) => ComponentChildren;
  /** widest, in pixels */
  readonly widest?: number;
}

const EXPORT_WIDTH = 720;

export function Figure({ name, heading, caption, tools, draw, of, over, widest = 720 }: FigureProps) {
  const plots = usePlots();
  const place = useRef<HTMLDivElement>(null);
  const width = Math.min(useWidth(place), widest);
  const drawn = useMemo(
    () => attempt(() => (plots && width > 0 ? draw(plots, { width }, false) : '')),
    [plots, width, ...of],
  );
  const plain = (): string => draw(plots!, { width: Math.min(EXPORT_WIDTH, widest), theme: 'light' }, true);
  return (
    <figure class="card figure">
      <div class="figure-head">
        <h3>{heading}</h3>
        <div class="tools">
          {tools}
          <button
            type="button"
            class="quiet"
            disabled={!drawn.svg}
            aria-label={`Save “${heading}” as SVG`}
            onClick={() => save(`${name}.svg`, plain(), 'image/svg+xml')}
          >
            SVG
          </button>
          <button
            type="button"
            class="quiet"
            disabled={!drawn.svg}
            aria-label={`Save “${heading}” as PNG`}
            onClick={() => void savePng(name, plain())}
          >
            PNG
          </button>
        </div>
      </div>
      <div class="picture" ref={place}>
        {drawn.problem === undefined ? (
          <div class="sheet">
            <Drawing svg={drawn.svg} />
            {plots !== undefined && drawn.svg !== '' && over?.(plots.framesOf(drawn.svg), plots)}
          </div>
        ) : (
          <p class="note">{drawn.problem}</p>
        )}
      </div>
      {caption !== undefined && <figcaption>{caption}</figcaption>}
    </figure>
  );
}

function attempt(draw: () => string): { readonly svg: string; readonly problem?: string } {
  try {
    return { svg: draw() };
  } catch (error) {
    if (!isJetError(error)) throw error;
    return { svg: '', problem: error.message };
  }
}

function useWidth(place: { readonly current: HTMLElement | null }): number {
  const [width, set] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => set(Math.floor(entry!.contentRect.width)));
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  return width;
}
