/* Gives the form and its files when there is no signal, or no answer. It keeps no page that holds anybody's data. */
"use strict";
/* `KEPT`: the door's address, a version of what is kept, files, the form in each language. Written before this. */
const PREFIX = "jingwei-carried" + KEPT.base.replace("/", "-") + "-", NAME = PREFIX + KEPT.version;
/* How long the node may take before the phone's own copy is shown, ms. */
const PATIENCE_MS = 5000;

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  const wanted = [...KEPT.files, ...Object.values(KEPT.pages)];
  await cache.addAll(wanted.map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const asked = event.request, address = new URL(asked.url);
  if (asked.method !== "GET" || address.origin !== self.location.origin) return;
  if (asked.mode === "navigate" && address.pathname === KEPT.base) event.respondWith(page(asked));
  else if (KEPT.files.includes(address.pathname)) event.respondWith(file(asked, address.pathname));
});

async function file(asked, path) {
  const cache = await caches.open(NAME);
  return (await cache.match(path, { ignoreVary: true })) || fetch(asked);
}

async function page(asked) {
  try {
    const answer = await Promise.race([fetch(asked), new Promise((_, late) => setTimeout(() => late(new Error("late")), PATIENCE_MS))]);
    if (answer.status < 500) return answer;
  } catch { /* the phone's own copy */ }
  const cache = await caches.open(NAME);
  return (await cache.match(KEPT.pages[await language()], { ignoreVary: true })) || Response.error();
}

function language() {
  return new Promise((done) => {
    const asked = indexedDB.open("jingwei-carried", 1);
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onerror = () => done("zh-Hans");
    asked.onsuccess = () => {
      const kept = asked.result.transaction("small").objectStore("small").get("lang");
      kept.onsuccess = () => { asked.result.close(); done(kept.result in KEPT.pages ? kept.result : "zh-Hans"); };
      kept.onerror = () => { asked.result.close(); done("zh-Hans"); };
    };
  });
}
