import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keras2 } from './keras2.js';
import { keras3 } from './keras3.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/keras.md'), 'utf8');

test.each([keras2, keras3])('docs/keras.md lists every layer and activation of $name', ({ layers, activations }) => {
  const missing = [...Object.keys(layers), ...Object.keys(activations)].filter(
    (name) => !new RegExp(`\\b${name}\\b`).test(page),
  );
  expect(missing).toEqual([]);
});
