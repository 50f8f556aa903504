import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SDK_VERSION } from '@jetsdk/jets';
import { expect, test } from 'vitest';
import { written } from '../tools/manifests.mjs';
import { root } from './support/command.js';

test.each([...written()])(
  '%s says what the manifest at the root says (`npm run manifests` writes it)',
  (path, text) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  },
);

test('the packages know their version', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(SDK_VERSION).toBe(version);
});

test('CHANGELOG.md has a place for what comes next', () => {
  expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain('\n## Unreleased\n');
});
