import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
    // what trainings keep; removed when the tests are over
    env: { JETSDK_CACHE: join(tmpdir(), `jetsdk-tests-${process.pid}`) },
    globalSetup: './tests/support/removeCache.ts',
    reporters: ['default', './tests/reporter.ts'],
    testTimeout: 400_000,
    hookTimeout: 400_000,
    maxWorkers: 2,
  },
});
