import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseBinning, readVoxelShowers, voxelArrays } from './caloChallenge.js';
import { writeArrays } from './writeArrays.js';

/** In the form of the published files. */
const XML = `<?xml version="1.0" encoding="UTF-8"?>
<Bins>
  <!-- <Bin name="muon"><Layer id="0" r_edges="0,1" n_bin_alpha="1"/></Bin> -->
  <Bin pid="22" etaMin="20" etaMax="25" name="photon">
    <Layer id="0" r_edges="0,5,10,30" n_bin_alpha="1" />
    <Layer id="1" r_edges="0.,2.5,40" n_bin_alpha="3"/>
    <Layer id="2" r_edges="0" n_bin_alpha="0"/>
    <Layer id="12" r_edges="0,100" n_bin_alpha="1"/>
  </Bin>
  <Bin pid="211" etaMin="20" etaMax="25" name="pion">
    <Layer id="0" r_edges="0,5" n_bin_alpha="9" />
  </Bin>
</Bins>`;

test('parseBinning reads the layers of a particle, those without voxels left out', () => {
  expect(parseBinning(XML, 'photon')).toEqual({
    particle: 'photon',
    layers: [
      { id: 0, edges: [0, 5, 10, 30], angles: 1 },
      { id: 1, edges: [0, 2.5, 40], angles: 3 },
      { id: 12, edges: [0, 100], angles: 1 },
    ],
  });
  expect(parseBinning(XML, 'pion').layers).toEqual([{ id: 0, edges: [0, 5], angles: 9 }]);
});

test('parseBinning refuses what is no binning, names the particles, and the layer that makes no sense', () => {
  const refused = (xml: string, particle: string | undefined, code: string, message: RegExp): void =>
    expect(() => parseBinning(xml, particle)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  refused('<html></html>', undefined, 'BAD_FILE', /no particle/);
  refused(XML, undefined, 'BAD_ARGUMENT', /not told which particle; expected one of photon, pion/);
  refused(XML, 'electron', 'BAD_ARGUMENT', /particle electron; expected one of photon, pion/);
  refused(XML.replace('0,5,10,30', '0,10,5'), 'photon', 'BAD_FILE', /r_edges that rise/);
});

test('showers are written and read back voxel by voxel, energies in MeV in the file and GeV here', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-voxels-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'showers.h5');
  const binning = parseBinning(XML, 'photon');
  const counted = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
  });
  const showers = {
    energy: Float32Array.of(1, 65.536),
    layers: [counted(2, 1, 3), counted(2, 3, 2), counted(2, 1, 1)],
  };
  const arrays = voxelArrays(showers, binning);
  expect([...arrays['incident_energies'].data]).toEqual([1000, 65536]);
  expect([...arrays['showers'].data]).toEqual([0, 1, 2, 0, 1, 2, 3, 4, 5, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1]);
  await writeArrays(path, [arrays]);
  expect(await readVoxelShowers(path, binning)).toEqual(showers);
  await expect(readVoxelShowers(path, parseBinning(XML, 'pion'))).rejects.toMatchObject({
    code: 'SHAPE_MISMATCH',
    message: expect.stringContaining('showers of shape (2, 10)'),
  });
  expect(() => voxelArrays({ ...showers, layers: showers.layers.slice(1) }, binning)).toThrow(
    expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
  );
});
