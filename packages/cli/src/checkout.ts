import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../', import.meta.url);

/** A path in the repository this command runs from; undefined where it was installed as a package. */
export function inCheckout(path: string): string | undefined {
  return existsSync(new URL('packages/cli/package.json', ROOT)) ? fileURLToPath(new URL(path, ROOT)) : undefined;
}
