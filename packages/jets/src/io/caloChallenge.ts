/** @file Showers in the layout of the CaloChallenge: incident energies, voxels, and a binning that says where these are. */
import { JetError } from '../errors.js';
import { quoted } from '../quoted.js';
import type { Tensor } from '../tensor.js';
import type { FileInput } from './host.js';
import { type ReadArraysOptions, readArrays } from './readArrays.js';

/** One layer of a calorimeter in rings about the axis of the particle. */
export interface VoxelLayer {
  /** number in the binning */
  readonly id: number;
  /** mm, rising, one more than there are rings */
  readonly edges: readonly number[];
  /** parts of each ring, from −π on */
  readonly angles: number;
}

/** What the XML file beside the showers says; layers without voxels are left out. */
export interface VoxelBinning {
  readonly particle: string;
  readonly layers: readonly VoxelLayer[];
}

export interface VoxelShowers {
  /** (n,) GeV */
  readonly energy: Float32Array;
  /** (n, angles, rings) MeV each, in the order of the binning */
  readonly layers: readonly Tensor[];
}

/**
 * Reads a binning file, such as `binning_dataset_1_photons.xml`.
 *
 * @param xml its text
 * @param particle needed where it describes several
 * @throws {JetError} BAD_FILE for another kind of file; BAD_ARGUMENT for a particle that it does not describe
 */
export function parseBinning(xml: string, particle?: string): VoxelBinning {
  const plain = xml.replace(/<!--[\s\S]*?-->/g, '');
  // an element whose name attribute is that of the particle, and the layers up to its end
  const described = [...plain.matchAll(/<(\w+)\b([^<>]*[^<>/])>((?:\s*<Layer\b[^<>]*\/>)+)\s*<\/\1>/g)].map(
    ([, , attributes, body]) => ({ name: attributeOf(attributes, 'name') ?? '', body }),
  );
  const names = described.map(({ name }) => name);
  const chosen =
    particle === undefined && described.length === 1 ? described[0] : described.find(({ name }) => name === particle);
  if (described.length === 0)
    throw new JetError('BAD_FILE', 'binning: no particle in the XML; expected <Bins> with one of <Layer> elements');
  if (chosen === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `binning: ${particle === undefined ? 'not told which particle' : `particle ${particle}`}; expected one of ${names.join(', ')}`,
      {
        names,
      },
    );
  const layers = [...chosen.body.matchAll(/<Layer\b([^>]*?)\/?>/g)].map(([, attributes]) => layerOf(attributes));
  return { particle: chosen.name, layers: layers.filter(({ edges }) => edges.length > 1) };
}

const attributeOf = (attributes: string, name: string): string | undefined =>
  new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1];

function layerOf(attributes: string): VoxelLayer {
  const [id, edges, angles] = ['id', 'r_edges', 'n_bin_alpha'].map((name) => attributeOf(attributes, name));
  const numbers = (edges ?? '')
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const parts = Number(angles);
  const rising = numbers.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > numbers[i - 1]));
  if (
    !Number.isInteger(Number(id ?? Number.NaN)) ||
    numbers.length === 0 ||
    !rising ||
    !Number.isInteger(parts) ||
    parts < 0
  )
    throw new JetError(
      'BAD_FILE',
      `binning: a layer with ${quoted(attributes.trim())}; expected id, r_edges that rise, and n_bin_alpha`,
    );
  return { id: Number(id), edges: numbers, angles: parts };
}

const voxelsOf = ({ edges, angles }: VoxelLayer): number => (edges.length - 1) * angles;

/**
 * Reads `incident_energies` (n, 1) and `showers` (n, voxels), both in MeV.
 *
 * @throws {JetError} as `readArrays`; SHAPE_MISMATCH if there are not as many voxels as the binning says
 */
export async function readVoxelShowers(
  input: FileInput,
  { layers }: VoxelBinning,
  options: ReadArraysOptions = {},
): Promise<VoxelShowers> {
  const { incident_energies: energies, showers } = await readArrays(input, ['incident_energies', 'showers'], options);
  const [rows] = showers.shape;
  const wanted = layers.reduce((sum, layer) => sum + voxelsOf(layer), 0);
  const found = showers.data.length / Math.max(1, rows);
  if (showers.shape.length !== 2 || showers.shape[1] !== wanted || energies.data.length !== rows)
    throw new JetError(
      'SHAPE_MISMATCH',
      `showers of shape (${showers.shape.join(', ')}), incident_energies of (${energies.shape.join(', ')}); expected (n, ${wanted}) by the binning and one energy each`,
      { voxels: found, expected: wanted },
    );
  let start = 0;
  const parts = layers.map((layer): Tensor => {
    const width = voxelsOf(layer);
    const data = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++)
      data.set(showers.data.subarray(row * wanted + start, row * wanted + start + width), row * width);
    start += width;
    return { shape: [rows, layer.angles, layer.edges.length - 1], data };
  });
  return { energy: energies.data.map((energy) => energy / 1000), layers: parts };
}

/**
 * The arrays of such a file, for `writeArrays`.
 *
 * @throws {JetError} SHAPE_MISMATCH if the layers are not those of the binning
 */
export function voxelArrays({ energy, layers }: VoxelShowers, binning: VoxelBinning): Record<string, Tensor> {
  const rows = energy.length;
  const wanted = binning.layers.map((layer) => [rows, layer.angles, layer.edges.length - 1]);
  const found = layers.map(({ shape }) => shape);
  if (found.join(';') !== wanted.join(';'))
    throw new JetError(
      'SHAPE_MISMATCH',
      `showers of layers (${found.join('), (')}); expected (${wanted.join('), (')}) by the binning`,
      { found, wanted },
    );
  const width = binning.layers.reduce((sum, layer) => sum + voxelsOf(layer), 0);
  const data = new Float32Array(rows * width);
  let start = 0;
  binning.layers.forEach((layer, k) => {
    const own = voxelsOf(layer);
    for (let row = 0; row < rows; row++)
      data.set(layers[k].data.subarray(row * own, (row + 1) * own), row * width + start);
    start += own;
  });
  return {
    incident_energies: { shape: [rows, 1], data: energy.map((one) => 1000 * one) },
    showers: { shape: [rows, width], data },
  };
}
