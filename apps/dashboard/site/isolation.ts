/** @file What a server has to send: for the page to have threads, and to let nothing in but its own parts. */

/**
 * Scripts, workers and data of the site alone, and WebAssembly. Pictures have styles inside, and are drawn from `data:` when they
 * become a PNG.
 */
export const contentSecurity = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Content-Security-Policy': contentSecurity,
};
