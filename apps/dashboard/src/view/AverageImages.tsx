/** @file The mean image of each class. */
import { recipeNames } from '@jetsdk/jets';
import { changeRecipe } from '../actions.js';
import * as format from '../format.js';
import { classNames } from '../reading.js';
import { usePage } from '../state.js';
import { Figure } from './Figure.js';

export function AverageImages() {
  const state = usePage();
  const { survey, data, recipe, job } = state;
  if (survey === undefined || data === undefined) return null;
  const names = classNames(state);
  const images = survey.averages.map(({ label, jets, shape, pixels }) => ({
    shape,
    pixels,
    title: label === undefined ? format.plural(jets, 'jet') : `${names[label]}, ${format.plural(jets, 'jet')}`,
  }));
  const { halfWidth } = survey;
  return (
    <Figure
      name="average-images"
      heading="Average images"
      widest={900}
      caption="Logarithmic colours; empty pixels are left blank."
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
      of={[survey, names.join()]}
    />
  );
}
