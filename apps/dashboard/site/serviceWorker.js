/**
 * @file The site without a network, and with threads where the server sends no isolation headers.
 *
 * What belongs to this build is kept when the page is first opened; what is fetched later, when it is fetched. The page
 * keeps WebAssembly itself, since it shows how far it is.
 */
const KEPT = 'jetsdk-dashboard-VERSION';
const FILES = 'FILES';

self.addEventListener('install', (event) => {
  // only names with a hash in them can be trusted to be what a cache on the way holds under them
  const fresh = FILES.map((file) => (isUnchanging(file) ? file : new Request(file, { cache: 'no-cache' })));
  event.waitUntil(
    caches
      .open(KEPT)
      .then((cache) => cache.addAll(fresh))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith('jetsdk-dashboard-') && name !== KEPT))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && new URL(request.url).origin === self.location.origin)
    event.respondWith(answer(event, request));
});

const isUnchanging = (url) => at(url).href.startsWith(at('assets/').href);

const at = (url) => new URL(url, self.location.href);

/** The page has no name of its own, whatever stands behind its address. */
function nameOf({ url }) {
  const { href, pathname } = at(url);
  return [at('./'), at('index.html')].some((page) => page.pathname === pathname) ? at('./').href : href;
}

/** Files whose name holds their hash never change; the others are asked for, and the copy is for when nobody answers. */
async function answer(event, request) {
  const name = nameOf(request);
  const kept = () => caches.match(name, { ignoreVary: true });
  const copy = isUnchanging(request.url) ? await kept() : undefined;
  if (copy) return isolated(copy);
  try {
    const response = await fetch(request);
    // whoever asks for a range reads a file that is too large to be kept
    if (response.status === 200 && !response.redirected && !name.endsWith('.wasm') && !request.headers.has('range')) {
      const own = response.clone();
      // a full cache is no reason not to answer
      event.waitUntil(caches.open(KEPT).then((cache) => cache.put(name, own).catch(() => undefined)));
    }
    return isolated(response);
  } catch (error) {
    const found = await kept();
    if (found) return isolated(found);
    throw error;
  }
}

function isolated(response) {
  if (response.status === 0 || response.status === 304 || response.headers.has('Cross-Origin-Embedder-Policy'))
    return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
