/** @file Pictures of simulated and generated showers and jets: means, pairs that are most alike. */
import type { Tensor } from '@jetsdk/jets';
import { type BookPicture, type JetImage, jetImageGrid } from '@jetsdk/plots';
import type { JetExamples, Showers } from '@jetsdk/train';

/** Half of the side of CaloGAN's calorimeter, mm. */
const CALORIMETER = 240;
/** Half of the side of LAGAN's images. */
const IMAGE = 1.25;
/** Pairs that are shown, and simulated rows that their twins are looked for among. */
const [SHOWN, SOUGHT] = [3, 2000];

const MILLIMETRES = {
  halfWidth: CALORIMETER,
  labels: ['x (mm)', 'y (mm)'],
  quantity: 'Energy (MeV)',
  columns: 3,
} as const;

export function showerPictures(simulated: Showers, generated: Showers): BookPicture[] {
  const layersOf = (what: string, images: readonly JetImage[]): JetImage[] =>
    images.map((image, layer) => ({ ...image, title: `${what}, layer ${layer}` }));
  const grid =
    (all: readonly (readonly JetImage[])[]): BookPicture['draw'] =>
    (options) =>
      jetImageGrid(all.flat(), { ...options, ...MILLIMETRES });
  const one = ({ layers }: Showers, row: number): JetImage[] => layers.map((layer) => imageOf(layer, row));
  return [
    {
      name: 'mean-showers',
      caption: 'Mean energy of the cells, simulated and generated, on one scale.',
      wide: true,
      draw: grid([
        layersOf('simulated', simulated.layers.map(meanOf)),
        layersOf('generated', generated.layers.map(meanOf)),
      ]),
    },
    ...twins(generated.layers, simulated.layers).map(
      ([made, real], i): BookPicture => ({
        name: `nearest-shower-${i + 1}`,
        caption: `Generated shower ${made} (${energyText(generated, made)}) and the simulated one most like it, ${real} (${energyText(simulated, real)}).`,
        wide: true,
        draw: grid([layersOf('generated', one(generated, made)), layersOf('simulated', one(simulated, real))]),
      }),
    ),
  ];
}

export function jetPictures(simulated: JetExamples, generated: JetExamples): BookPicture[] {
  const grid =
    (images: readonly JetImage[]): BookPicture['draw'] =>
    (options) =>
      jetImageGrid(images, { ...options, halfWidth: IMAGE, quantity: 'p_{T} (GeV)', columns: 2 });
  return [
    ...[1, 0].map(
      (which): BookPicture => ({
        name: which === 1 ? 'mean-signal' : 'mean-background',
        caption: `Mean image of the jets of class ${which}, simulated and generated.`,
        wide: true,
        draw: grid([
          { title: 'simulated', ...meanOf(ofClass(simulated, which)) },
          { title: 'generated', ...meanOf(ofClass(generated, which)) },
        ]),
      }),
    ),
    ...twins([generated.image], [simulated.image]).map(
      ([made, real], i): BookPicture => ({
        name: `nearest-jet-${i + 1}`,
        caption: `Generated jet ${made} (class ${generated.signal[made]}) and the simulated one most like it, ${real} (class ${simulated.signal[real]}).`,
        wide: true,
        draw: grid([
          { title: `generated, jet ${made}`, ...imageOf(generated.image, made) },
          { title: `simulated, jet ${real}`, ...imageOf(simulated.image, real) },
        ]),
      }),
    ),
  ];
}

const energyText = ({ energy }: Showers, row: number): string => `${energy[row]!.toPrecision(3)} GeV`;

function imageOf({ shape: [, x = 1, y = 1], data }: Tensor, row: number): JetImage {
  return { shape: [x, y], pixels: data.subarray(row * x * y, (row + 1) * x * y) };
}

function meanOf({ shape: [rows = 0, x = 1, y = 1], data }: Tensor): JetImage {
  const pixels = new Float64Array(x * y);
  for (let i = 0; i < data.length; i++) pixels[i % (x * y)]! += data[i]! / Math.max(1, rows);
  return { shape: [x, y], pixels };
}

function ofClass({ image: { shape, data }, signal }: JetExamples, which: number): Tensor {
  const [, x = 1, y = 1] = shape;
  const rows = Array.from(signal.keys()).filter((row) => signal[row] === which);
  const out = new Float32Array(rows.length * x * y);
  for (const [i, row] of rows.entries()) out.set(data.subarray(row * x * y, (row + 1) * x * y), i * x * y);
  return { shape: [rows.length, x, y], data: out };
}

/** The first generated rows, each with the simulated one whose square roots of cells are nearest. */
function twins(generated: readonly Tensor[], simulated: readonly Tensor[]): [made: number, real: number][] {
  const count = Math.min(SOUGHT, simulated[0]!.shape[0]!);
  return Array.from({ length: Math.min(SHOWN, generated[0]!.shape[0]!) }, (_, made) => {
    let [best, nearest] = [Infinity, 0];
    for (let real = 0; real < count; real++) {
      let sum = 0;
      generated.forEach((layer, k) => {
        const [a, b] = [imageOf(layer, made).pixels, imageOf(simulated[k]!, real).pixels];
        for (let i = 0; i < a.length; i++) sum += (Math.sqrt(a[i]!) - Math.sqrt(b[i]!)) ** 2;
      });
      if (sum < best) [best, nearest] = [sum, real];
    }
    return [made, nearest];
  });
}
