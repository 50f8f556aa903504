/** @file Generated jet images beside simulated ones, observable by observable and all at once. */
import { imageObservables, JetError, jetImages, requireMembers, type Tensor } from '@jetsdk/jets';
import { type ObservableDistance, type Observables, observableDistances, tableOf } from './observables.js';
import { prongs } from './subjettiness.js';
import { type TwoSampleOptions, type TwoSampleResult, twoSampleTest } from './twoSample.js';

/** Images of jets of two classes, as LAGAN has them. */
export interface JetImageSample {
  /** (n, η, φ) GeV */
  readonly image: Tensor;
  /** (n,) 1 or 0 */
  readonly signal: ArrayLike<number>;
}

/** Of LAGAN's images in η and φ. */
const HALF_WIDTH = 1.25;

const UNITS: Readonly<Record<string, string>> = { mass: 'GeV', pt: 'GeV', total: 'GeV', hottest: 'GeV' };

/** The unit of an observable of jet images, where it has one. */
export const jetImageUnit = (name: string): string | undefined => UNITS[name];

/**
 * What is measured of jet images, by name: mass, pT, sum and hottest pixel (GeV), number of pixels above 0, width, τ21.
 *
 * @throws {JetError} SHAPE_MISMATCH if there are not as many classes as images
 */
export function observablesOfJetImages({ image: { shape, data }, signal }: JetImageSample): Observables {
  const [count, height, width] = shape;
  if (shape.length !== 3 || signal.length !== count)
    throw new JetError(
      'SHAPE_MISMATCH',
      `jet images: (${shape.join(', ')}) for ${signal.length} classes; expected (n, η, φ) for n classes`,
    );
  const { multiplicity, ...rest } = imageObservables(jetImages(data, [height, width, 1]), HALF_WIDTH);
  const spread = prongs({ shape, data }, HALF_WIDTH);
  return new Map<string, Float64Array>([
    ...Object.entries(rest),
    ['multiplicity', Float64Array.from(multiplicity)],
    ['width', spread.width],
    // an image without pixels is neither
    ['tau21', spread.tau21.map((value) => (Number.isNaN(value) ? 0 : value))],
  ]);
}

export interface JetImageComparison {
  readonly simulated: number;
  readonly generated: number;
  readonly twoSample: TwoSampleResult;
  readonly observables: readonly ObservableDistance[];
}

/**
 * Compares generated with simulated jet images, whose classes should be as frequent in both: best are those of the simulated
 * ones.
 *
 * @param options of the two-sample test, whose features are the observables and the class
 * @throws {JetError} as `observablesOfJetImages`, `twoSampleTest` and `wasserstein`
 */
export function compareJetImages(
  simulated: JetImageSample,
  generated: JetImageSample,
  options: TwoSampleOptions = {},
): JetImageComparison {
  for (const sample of [simulated, generated])
    requireMembers('compareJetImages', sample, ['image', 'signal'], 'jet images, { image, signal }');
  const [a, b] = [observablesOfJetImages(simulated), observablesOfJetImages(generated)];
  return {
    simulated: simulated.signal.length,
    generated: generated.signal.length,
    twoSample: twoSampleTest(
      tableOf([...a.values(), simulated.signal]),
      tableOf([...b.values(), generated.signal]),
      options,
    ),
    observables: observableDistances(a, b),
  };
}
