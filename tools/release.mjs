// Publishes every package that the registry does not have yet in this version, dependencies first: npm run release
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaces } from './manifests.mjs';

const root = join(import.meta.dirname, '..');
const npm = (args, options) => [process.execPath, [process.env.npm_execpath, ...args], { cwd: root, ...options }];

const manifests = new Map(
  workspaces()
    .map((place) => [place, JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8'))])
    .filter(([, manifest]) => manifest.private !== true),
);
const places = new Map([...manifests].map(([place, { name }]) => [name, place]));

/** Places in an order in which each comes after what it depends on. */
function ordered() {
  const order = new Set();
  const add = (place) => {
    for (const name of Object.keys(manifests.get(place).dependencies ?? {}))
      if (places.has(name)) add(places.get(name));
    order.add(place);
  };
  for (const place of manifests.keys()) add(place);
  return order;
}

for (const place of ordered()) {
  const { name, version } = manifests.get(place);
  const found = spawnSync(...npm(['view', `${name}@${version}`, 'version'], { encoding: 'utf8' }));
  if (found.stdout.trim() === version) console.log(`${name}@${version} is there`);
  else
    execFileSync(
      ...npm(['publish', '-w', place, '--ignore-scripts=false', ...process.argv.slice(2)], { stdio: 'inherit' }),
    );
}
