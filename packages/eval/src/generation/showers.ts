/** @file Generated showers beside simulated ones, observable by observable and all at once. */
import { CALOGAN_CELLS, JetError, requireMembers, showerObservables, type Tensor } from '@jetsdk/jets';
import { type ConditionBin, conditionalMoments } from './conditional.js';
import { type ObservableDistance, type Observables, observableDistances, tableOf } from './observables.js';
import { type TwoSampleOptions, type TwoSampleResult, twoSampleTest } from './twoSample.js';

/** Showers in the layers of CaloGAN's calorimeter. */
export interface ShowerSample {
  /** (n, cells along x, cells along y) each, MeV */
  readonly layers: readonly Tensor[];
  /** (n,) GeV */
  readonly energy: ArrayLike<number>;
}

export interface ShowerComparison {
  readonly simulated: number;
  readonly generated: number;
  readonly twoSample: TwoSampleResult;
  readonly observables: readonly ObservableDistance[];
  /** energy found / energy asked for, in bins of the latter */
  readonly response: readonly ConditionBin[];
}

/** Units of what is measured of showers, by the name without its layer. */
const UNITS: Readonly<Record<string, string>> = { energy: 'MeV', total: 'MeV', widthX: 'mm', widthY: 'mm' };

/** The unit of an observable of showers, where it has one. */
export const showerUnit = (name: string): string | undefined => UNITS[name.replace(/_\d+$/, '')];

/**
 * What is measured of showers, by name: energy (MeV), share, widths (mm), sparsity and energy ratio of every layer; total
 * energy, response, depth and its width.
 *
 * @throws {JetError} as `showerObservables`; SHAPE_MISMATCH if there are not as many energies, or not three layers
 */
export function observablesOfShowers({ layers, energy }: ShowerSample): Observables {
  if (layers.length !== CALOGAN_CELLS.length || layers.some(({ shape }) => shape[0] !== energy.length))
    throw new JetError(
      'SHAPE_MISMATCH',
      `showers: layers of ${layers.map(({ shape }) => `(${shape.join(', ')})`).join(', ')} for ${energy.length} energies; expected ${CALOGAN_CELLS.length} layers of as many`,
    );
  const found = showerObservables(
    layers.map(({ shape, data }, i) => ({
      shape: [shape[0], shape[1], shape[2]] as const,
      data,
      cell: CALOGAN_CELLS[i],
    })),
  );
  const columns = new Map<string, Float64Array>();
  found.layers.forEach((layer, i) => {
    for (const [name, values] of Object.entries(layer)) columns.set(`${name}_${i}`, values as Float64Array);
  });
  columns.set('total', found.total);
  columns.set(
    'response',
    found.total.map((total, i) => total / (1000 * energy[i])),
  );
  columns.set('depth', found.depth);
  columns.set('depthWidth', found.depthWidth);
  return columns;
}

/**
 * Compares generated with simulated showers. Their energies should have the same distribution: best are those of the
 * simulated ones.
 *
 * @param options of the two-sample test, whose features are the observables and the energy
 * @throws {JetError} as `observablesOfShowers`, `twoSampleTest` and `wasserstein`
 */
export function compareShowers(
  simulated: ShowerSample,
  generated: ShowerSample,
  options: TwoSampleOptions = {},
): ShowerComparison {
  for (const sample of [simulated, generated])
    requireMembers('compareShowers', sample, ['layers', 'energy'], 'showers, { layers, energy }');
  const [a, b] = [observablesOfShowers(simulated), observablesOfShowers(generated)];
  const observables = observableDistances(a, b);
  const sorted = Float64Array.from(simulated.energy).sort();
  const edges = [0, 0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * sorted.length)]);
  const last = sorted[sorted.length - 1];
  return {
    simulated: simulated.energy.length,
    generated: generated.energy.length,
    twoSample: twoSampleTest(
      tableOf([...a.values(), simulated.energy]),
      tableOf([...b.values(), generated.energy]),
      options,
    ),
    observables,
    response:
      new Set([...edges, last]).size < 5
        ? []
        : conditionalMoments(
            { condition: simulated.energy, value: a.get('response')! },
            { condition: generated.energy, value: b.get('response')! },
            [...edges, last],
          ),
  };
}
