// The wallet's service worker. Before these lines the server puts VERSION, FILES, FALLBACK and LANGUAGES.
// It keeps the wallet's page and its files, each version apart, and answers for nothing else of this site.

const SHELL = `tmam-wallet-shell-${VERSION}`;
const CHOICE = "tmam-wallet-choice";
const PAGE = "/wallet/";

self.addEventListener("install", (event) => event.waitUntil(keepShell()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));
self.addEventListener("message", (event) => event.data === "use it now" && self.skipWaiting());

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === PAGE) event.respondWith(page(url));
  } else if (FILES.includes(url.pathname) || url.pathname === FALLBACK) {
    event.respondWith(file(url.pathname, request));
  }
});

/** All or nothing: a version that is not whole is not installed. Without cookies, so that nothing personal comes. */
async function keepShell() {
  const cache = await caches.open(SHELL);
  const pages = LANGUAGES.map((language) => `${PAGE}?language=${language}`);
  const files = (await hasEd25519()) ? FILES : [...FILES, FALLBACK];
  await cache.addAll([...pages, ...files].map((path) => new Request(path, { credentials: "omit", cache: "reload" })));
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("tmam-wallet-shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function page(url) {
  const asked = url.searchParams.get("language");
  const choice = await caches.open(CHOICE);
  if (LANGUAGES.includes(asked)) await choice.put("/wallet/language", new Response(asked));
  const kept = await (await choice.match("/wallet/language"))?.text();
  const language = LANGUAGES.includes(kept) ? kept : LANGUAGES[0];
  const cache = await caches.open(SHELL);
  return (await cache.match(`${PAGE}?language=${language}`)) ?? fetch(url);
}

async function file(path, request) {
  const cache = await caches.open(SHELL);
  return (await cache.match(path)) ?? fetch(request);
}

async function hasEd25519() {
  try {
    await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}
