// The service worker: what was shown last is there when Veille is not.
// `self.veille`, written before this text, says the version, where Veille stands, and its shell.
// The names of caches and the form of what is kept are those of offline.js.
(function () {
  "use strict";

  const { root, offline, shell, version, policy } = self.veille;
  const FILES = `veille ${root} files ${version}`;
  const PAGES = `veille ${root} pages`;
  const ARTICLES = `veille ${root} articles`;
  const MOST_PAGES = 6;
  // There is one of each, in the language and look last chosen, whatever it varies on.
  const ANY = { ignoreVary: true };
  const ARTICLE = /^entries\/\d+$/;
  // A board or the reader; nothing else is kept.
  const PAGE = /^(?:pages\/[^/]+|read(?:\/.*)?)?$/;

  const pathOf = (url) => url.pathname.slice(root.length);
  const isOurs = (url) => url.origin === location.origin && url.pathname.startsWith(root);

  self.addEventListener("install", (event) => event.waitUntil(install()));
  self.addEventListener("activate", (event) => event.waitUntil(activate()));

  async function install() {
    const files = await caches.open(FILES);
    await Promise.allSettled([...shell, offline].map((address) => files.add(address)));
    await self.skipWaiting();
  }

  async function activate() {
    for (const name of await caches.keys()) {
      if (name.startsWith(`veille ${root} files `) && name !== FILES) await caches.delete(name);
    }
    await self.clients.claim();
  }

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || !isOurs(url)) return;
    const path = pathOf(url);
    if (path.startsWith("static/")) event.respondWith(file(request));
    else if (request.mode === "navigate") event.respondWith(page(event, url));
    else if (request.headers.has("HX-Request") && ARTICLE.test(path)) event.respondWith(part(request));
  });

  async function file(request) {
    const files = await caches.open(FILES);
    const kept = await files.match(request, ANY);
    if (kept) return kept;
    const answer = await fetch(request);
    if (answer.status === 200) await files.put(request, answer.clone());
    return answer;
  }

  async function page(event, url) {
    try {
      const answer = await fetch(event.request);
      if (PAGE.test(pathOf(url)) && isPage(answer)) event.waitUntil(keep(event.request, answer.clone()));
      return answer;
    } catch {
      return (await keptPage(url)) || (await keptArticle(url)) || (await away());
    }
  }

  function isPage(answer) {
    return answer.status === 200 && (answer.headers.get("Content-Type") || "").startsWith("text/html");
  }

  async function keep(request, answer) {
    const pages = await caches.open(PAGES);
    await pages.delete(request.url);
    await pages.put(request.url, answer);
    const kept = await pages.keys();
    for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PAGES))) await pages.delete(old);
  }

  // `data-away` tells offline.js that the page comes from here.
  async function keptPage(url) {
    const kept = await (await caches.open(PAGES)).match(url.href.split("#")[0], ANY);
    return kept && html((await kept.text()).replace("<html ", "<html data-away "));
  }

  async function keptArticle(url) {
    const kept = await (await caches.open(ARTICLES)).match(url.origin + url.pathname, ANY);
    if (!kept) return undefined;
    const stand = await (await away()).text();
    const [before, rest] = stand.split("<!--kept-->");
    const after = (rest || "").split("<!--/kept-->")[1] || "";
    return html(before + (await kept.text()) + after);
  }

  async function part(request) {
    try {
      return await fetch(request);
    } catch (error) {
      const kept = await (await caches.open(ARTICLES)).match(request.url.split("?")[0], ANY);
      if (kept) return html(await kept.text());
      throw error;
    }
  }

  async function away() {
    const stand = await (await caches.open(FILES)).match(offline, ANY);
    return stand || new Response("Veille is offline. Veille est hors ligne.", { status: 503 });
  }

  // Whatever speaks of the page it came with (its policy, its length) is left out or said again.
  function html(text) {
    return new Response(text, {
      headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy },
    });
  }

  // The person chose another language or theme: the page that stands in follows.
  self.addEventListener("message", (event) => {
    if (event.data !== "look") return;
    event.waitUntil(
      caches.open(FILES).then((files) => files.add(new Request(offline, { cache: "reload" }))).catch(() => {})
    );
  });
})();
