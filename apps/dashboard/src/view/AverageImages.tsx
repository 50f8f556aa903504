/** @file The mean image of each class, and of what the cut leaves of it. */
import { isJetError, recipeNames } from '@jetsdk/jets';
import { useEffect, useState } from 'preact/hooks';
import { averagesOf, changeRecipe } from '../actions.js';
import * as format from '../format.js';
import { classNames, type Tagged } from '../reading.js';
import { type State, usePage } from '../state.js';
import type { AverageImage } from '../work/jetFile.js';
import { Figure } from './Figure.js';

/** A cut that moves on sooner is not looked at. */
const STILL_MS = 100;

export function AverageImages({ lead }: { readonly lead: Tagged | undefined }) {
  const state = usePage();
  const { survey, data, recipe, job } = state;
  const passing = usePassing(state, lead);
  if (survey === undefined || data === undefined) return null;
  const names = classNames(state);
  const titled = (averages: readonly AverageImage[], say: (jets: number) => string) =>
    averages.map(({ label, jets, shape, pixels }) => ({
      shape,
      pixels,
      title: `${label === undefined ? '' : `${names[label]}, `}${say(jets)}`,
    }));
  const images = [
    ...titled(survey.averages, (jets) => format.plural(jets, 'jet')),
    ...titled(passing ?? [], (jets) => `${format.count(jets)} ${jets === 1 ? 'passes' : 'pass'}`),
  ];
  const { halfWidth } = survey;
  return (
    <Figure
      name="average-images"
      heading="Average images"
      widest={900}
      caption={`Logarithmic colours${images.length > 1 ? ', one scale for all' : ''}; empty pixels are left blank.`}
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
      of={[survey, passing, names.join()]}
    />
  );
}

/** The mean images of what passes; while the cut moves, those of where it last rested. */
function usePassing({ data, recipe, survey }: State, lead: Tagged | undefined): readonly AverageImage[] | undefined {
  const [found, set] = useState<{ readonly of: readonly unknown[]; readonly averages: readonly AverageImage[] }>();
  const scores = lead?.scores;
  const cut = lead?.cut ?? 0;
  useEffect(() => {
    if (scores === undefined || survey === undefined) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const wanted = Uint8Array.from(scores, (score) => (score >= cut ? 1 : 0));
      averagesOf(wanted, abort.signal).then(
        (averages) => {
          if (!abort.signal.aborted) set({ of: [survey, scores], averages });
        },
        (error: unknown) => {
          if (!isJetError(error)) throw error;
        },
      );
    }, STILL_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [data, recipe, survey, scores, cut]);
  return found?.of[0] === survey && found?.of[1] === scores ? found?.averages : undefined;
}
