/** @file The one place that finds a document to draw in. */
import { JetError } from '@jetsdk/jets';

interface Linkedom {
  parseHTML(html: string): { document: Document };
}

let drawing: Document | undefined;

/**
 * The document to draw in: the one given, else the page's, else, in Node, one made by linkedom.
 *
 * @throws {JetError} UNSUPPORTED where there is none (a web worker)
 */
export function plotDocument(given?: Document): Document {
  const found = given ?? globalThis.document ?? drawing;
  if (found !== undefined) return found;
  // Asked for by name at run time: bundlers for the browser cannot see it, and Node loads it at the first picture.
  const node = globalThis.process?.getBuiltinModule?.('node:module');
  if (node === undefined)
    throw new JetError(
      'UNSUPPORTED',
      'plotDocument: got no document to draw in; expected a page or Node; pass options.document',
    );
  const { parseHTML }: Linkedom = node.createRequire(import.meta.url)('linkedom');
  drawing = parseHTML('<!doctype html><html><head></head><body></body></html>').document;
  return drawing;
}
