/** @file What a server has to send: for the page to have threads, and to let nothing in but its own parts. */

/**
 * Scripts and workers of the site alone, and WebAssembly. Data also from elsewhere, encrypted or from this machine, since jets and
 * models may be given by link. Pictures have styles inside, and are drawn from `data:` when they become a PNG.
 */
export const contentSecurity = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
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
