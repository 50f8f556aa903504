/** @file The mean image of each class, and of what the cut leaves of it. */
import { isJetError, type Progress, recipeNames } from '@jetsdk/jets';
import { useEffect, useState } from 'preact/hooks';
import { averagesByCut, changeRecipe } from '../actions.js';
import * as format from '../format.js';
import { classNames, type Tagged } from '../reading.js';
import { type State, usePage } from '../state.js';
import { SLIDER_STEPS } from '../work/cutSteps.js';
import type { AveragesByCut } from '../work/jetFile.js';
import { Figure } from './Figure.js';

export function AverageImages({ lead }: { readonly lead: Tagged | undefined }) {
  const state = usePage();
  const { survey, data, recipe, job } = state;
  const passing = usePassing(state, lead);
  if (survey === undefined || data === undefined) return null;
  const names = classNames(state);
  const named = (label: 0 | 1 | undefined, says: string): string =>
    label === undefined ? says : `${names[label]}, ${says}`;
  const images = [
    ...survey.averages.map(({ label, jets, shape, pixels }) => ({
      shape,
      pixels,
      title: named(label, format.plural(jets, 'jet')),
    })),
    ...(passing?.averages ?? []).flatMap((of) => {
      const image = imageAt(of, lead?.cut ?? 0);
      return image === undefined ? [] : [{ ...image, title: named(of.label, image.title) }];
    }),
  ];
  const counting = passing?.share === undefined ? '' : ` What passes follows: ${format.percent(passing.share)}.`;
  const { halfWidth } = survey;
  return (
    <Figure
      name="average-images"
      heading="Average images"
      widest={900}
      caption={`Logarithmic colours${images.length > 1 ? ', one scale for all' : ''}; empty pixels are left blank.${counting}`}
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
      draw={(plots, options) =>
        plots.jetImageGrid(images, {
          ...options,
          columns: options.width < 420 ? 1 : 2,
          ...(halfWidth === undefined ? { quantity: 'Mean pixel' } : { halfWidth }),
        })
      }
      of={[survey, passing?.averages, lead?.cut, names.join()]}
    />
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

/** The image at a cut; undefined where no jet passes. */
function imageAt({ shape, steps, jets, means }: AveragesByCut, cut: number) {
  const step = Math.round(cut * steps);
  const size = shape[0] * shape[1];
  if (jets[step] === 0) return undefined;
  const at = steps === SLIDER_STEPS ? '' : ` ${(step / steps).toFixed(2)}`;
  const title = `${format.count(jets[step])} ${jets[step] === 1 ? 'passes' : 'pass'}${at}`;
  return { shape, pixels: means.subarray(step * size, (step + 1) * size), title };
}
