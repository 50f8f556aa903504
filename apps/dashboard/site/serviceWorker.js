/**
 * @file The site without a network, and with threads where the server sends no isolation headers.
 *
 * What belongs to this build is kept when the page is first opened; what is fetched later, when it is fetched.
 */
const KEPT = 'jetsdk-dashboard-VERSION';
const FILES = 'FILES';

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((cache) => cache.addAll(FILES))
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
    event.respondWith(answer(request));
});

/** Files whose name holds their hash never change; the others are asked for, and the copy is for when nobody answers. */
async function answer(request) {
  const kept = () => caches.match(request.mode === 'navigate' ? './' : request.url, { ignoreVary: true });
  const unchanging = request.url.includes('/assets/');
  const copy = unchanging ? await kept() : undefined;
  if (copy) return isolated(copy);
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected) {
      const cache = await caches.open(KEPT);
      await cache.put(request.mode === 'navigate' ? './' : request.url, response.clone()).catch(() => undefined);
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
