import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';

/** Removes what trainings kept while the tests ran. */
export default function setup({ config }: TestProject): () => void {
  const folder = config.env['JETSDK_CACHE'];
  return () => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
}
