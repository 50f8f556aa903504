/** @file The mean image of each class, and of what the cut leaves of it. */
import { isJetError, type Progress, recipeNames } from '@jetsdk/jets';
import type { FrameBox, JetImage } from '@jetsdk/plots';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { averagesByCut, changeRecipe } from '../actions.js';
import * as format from '../format.js';
import { placed } from '../geometry.js';
import type { Plots } from '../plots.js';
import { classNames, type Tagged } from '../reading.js';
import { type State, usePage } from '../state.js';
import { SLIDER_STEPS } from '../work/cutSteps.js';
import type { AveragesByCut, Survey } from '../work/jetFile.js';
import { Figure } from './Figure.js';

export function AverageImages({ lead }: { readonly lead: Tagged | undefined }) {
  const state = usePage();
  const { survey, data, recipe, job } = state;
  const passing = usePassing(state, lead);
  if (survey === undefined || data === undefined) return null;
  const names = classNames(state);
  const named = (label: 0 | 1 | undefined, says: string): string =>
    label === undefined ? says : `${names[label]}, ${says}`;
  const all = survey.averages.map(
    ({ label, jets, shape, pixels }): JetImage => ({
      shape,
      pixels,
      title: named(label, format.plural(jets, 'jet')),
    }),
  );
  const after = (passing?.averages ?? []).map((of): JetImage => {
    const { title, ...image } = imageAt(of, lead?.cut ?? 0);
    return { ...image, title: named(of.label, title) };
  });
  const counting = passing?.share === undefined ? '' : ` What passes follows: ${format.percent(passing.share)}.`;
  const { halfWidth } = survey;
  return (
    <Figure
      name="average-images"
      heading="Average images"
      widest={900}
      caption={`Logarithmic colours${all.length + after.length > 1 ? ', one scale for all, to the brightest pixel of all jets' : ''}; empty pixels are left blank.${counting}`}
      tools={
        data.kind === 'constituents' && (
          <label class="select">
            Recipe
            <select
              value={recipe}
              disabled={job !== undefined}
              onChange={(event) => void changeRecipe(event.currentTarget.value)}
            >
              {recipeNames.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )
      }
      draw={(plots, options, taken) => {
        const domain = domainOf(plots, survey);
        return plots.jetImageGrid([...all, ...(taken ? after : after.map(blank))], {
          ...options,
          columns: options.width < 420 ? 1 : 2,
          ...(domain !== undefined && { domain }),
          ...(halfWidth === undefined ? { quantity: 'Mean pixel' } : { halfWidth }),
        });
      }}
      of={[survey, passing?.averages, names.join()]}
      over={(frames, plots) =>
        after.map((image, i) => (
          <Moving key={i} image={image} frame={frames[all.length + i]} domain={domainOf(plots, survey)} plots={plots} />
        ))
      }
    />
  );
}

const domainOf = (plots: Plots, { averages }: Survey) => plots.pixelDomain(averages.map(({ pixels }) => pixels));

/** Its frame alone. */
const blank = ({ shape: [height, width] }: JetImage): JetImage => ({
  shape: [height, width],
  pixels: new Uint8Array(height * width),
});

interface MovingProps {
  readonly image: JetImage;
  readonly frame: FrameBox;
  readonly domain: readonly [low: number, high: number] | undefined;
  readonly plots: Plots;
}

/** An image that changes with the cut, in its frame. */
function Moving({ image, frame, domain, plots }: MovingProps) {
  const place = useRef<HTMLCanvasElement>(null);
  const [etas, phis] = image.shape;
  useLayoutEffect(() => {
    const context = place.current!.getContext('2d')!;
    if (domain !== undefined) context.putImageData(new ImageData(plots.pixelBytes(image, domain), etas, phis), 0, 0);
  });
  return (
    <>
      <canvas ref={place} class="moving" width={etas} height={phis} style={placed(frame)} />
      <p class="moving-title" style={{ ...placed(frame), height: 'auto' }}>
        {image.title}
      </p>
    </>
  );
}

/** What passes at each step of the cut; counted once for a tagger and a recipe. */
function usePassing({ data, recipe, survey }: State, lead: Tagged | undefined): Passing | undefined {
  const [found, set] = useState<Passing & { readonly of: readonly unknown[] }>();
  const scores = lead?.scores;
  useEffect(() => {
    if (scores === undefined || survey === undefined) return;
    const abort = new AbortController();
    const of = [survey, scores];
    const onProgress = ({ done, total }: Progress): void => {
      if (!abort.signal.aborted) set({ of, share: done / (total ?? done) });
    };
    averagesByCut(scores, { signal: abort.signal, onProgress }).then(
      (averages) => {
        if (!abort.signal.aborted) set({ of, averages });
      },
      (error: unknown) => {
        if (!isJetError(error)) throw error;
      },
    );
    return () => abort.abort();
  }, [data, recipe, survey, scores]);
  return found?.of[0] === survey && found?.of[1] === scores ? found : undefined;
}

/** The averages, or how far they are. */
interface Passing {
  readonly averages?: readonly AveragesByCut[];
  readonly share?: number;
}

/** The image at a cut, empty where no jet passes. */
function imageAt({ shape, steps, jets, means }: AveragesByCut, cut: number) {
  const step = Math.round(cut * steps);
  const size = shape[0] * shape[1];
  const at = steps === SLIDER_STEPS ? '' : ` ${(step / steps).toFixed(2)}`;
  const title = `${format.count(jets[step])} ${jets[step] === 1 ? 'passes' : 'pass'}${at}`;
  return { shape, pixels: means.subarray(step * size, (step + 1) * size), title };
}
