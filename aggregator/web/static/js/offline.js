// When Veille does not answer: the banner, what was last read kept on this device, the page that
// lists it. Without a worker (no secure address, an old browser) only the banner remains.
(function () {
  "use strict";

  const manifest = document.querySelector("link[rel=manifest]");
  if (!manifest) return;
  const root = new URL(".", manifest.href).pathname;
  const ARTICLES = `veille ${root} articles`;
  const PAGES = `veille ${root} pages`;
  const MOST_ARTICLES = 30;
  const page = document.documentElement;

  // The program was stopped, or is back; `data-away`: the worker found this page on the device.
  const away = (is) => {
    const banner = document.getElementById("offline");
    if (banner) banner.hidden = !is;
  };
  if (!document.getElementById("kept-none") && "away" in page.dataset) away(true);
  document.addEventListener("htmx:sendError", (event) => {
    away(true);
    const asked = event.detail.requestConfig;
    if (asked?.verb === "get" && event.detail.elt.id !== "live") unopened();
  });
  document.addEventListener("htmx:beforeOnLoad", () => away(false));

  // What one asked to see and does not come is said; an act says so by itself.
  function unopened() {
    const toast = document.getElementById("toast");
    const words = document.getElementById("offline")?.dataset.unopened;
    if (!toast || !words) return;
    const said = document.createElement("span");
    said.textContent = words;
    toast.className = "toast is-bad";
    toast.replaceChildren(said);
  }

  if (!("serviceWorker" in navigator && "caches" in window)) return;

  // An article that was opened is kept: the panel as it stands, under the address of the article.
  async function keepArticle() {
    const panel = document.getElementById("panel");
    const title = document.getElementById("panel-title");
    if (!panel || !panel.dataset.entry || !title) return;
    const address = new URL(`${root}entries/${panel.dataset.entry}`, location.origin).href;
    const headers = { "Content-Type": "text/html; charset=utf-8", "X-Title": encodeURIComponent(title.textContent.trim()) };
    const articles = await caches.open(ARTICLES);
    await articles.delete(address);
    await articles.put(address, new Response(panel.outerHTML, { headers }));
    const kept = await articles.keys();
    for (const old of kept.slice(0, Math.max(0, kept.length - MOST_ARTICLES))) await articles.delete(old);
  }

  async function forget() {
    for (const name of [ARTICLES, PAGES]) await caches.delete(name);
  }

  // The page that stands in lists what is kept, the last first.
  async function list() {
    const articles = await entries(ARTICLES, (answer) => decodeURIComponent(answer.headers.get("X-Title") || ""));
    const pages = await entries(PAGES, async (answer) => titleOf(await answer.text()));
    fill("kept-articles", articles);
    fill("kept-pages", pages);
    document.getElementById("kept-none").hidden = articles.length + pages.length > 0;
  }

  async function entries(name, titled) {
    const cache = await caches.open(name);
    const found = [];
    for (const request of await cache.keys()) {
      const answer = await cache.match(request, { ignoreVary: true });
      found.unshift({ address: request.url, title: (await titled(answer)) || request.url });
    }
    return found;
  }

  function titleOf(text) {
    const read = new DOMParser().parseFromString(text.slice(0, text.indexOf("</title>") + 8), "text/html");
    return read.title.replace(/ · Veille$/, "");
  }

  function fill(id, found) {
    const section = document.getElementById(id);
    section.hidden = found.length === 0;
    section.querySelector("ul").replaceChildren(
      ...found.map(({ address, title }) => {
        const line = document.createElement("li");
        const link = document.createElement("a");
        link.href = address;
        link.dir = "auto";
        link.textContent = title;
        line.append(link);
        return line;
      })
    );
  }

  const quietly = (work) => work().catch(() => {}); // a full or forbidden store is no trouble of the page
  if (document.getElementById("kept-none")) quietly(list);
  if (document.getElementById("live")) {
    quietly(keepArticle);
    document.addEventListener("htmx:afterSettle", (event) => {
      if (event.detail.elt.id === "panel" || event.detail.elt.querySelector?.("#panel")) quietly(keepArticle);
    });
  }
  document.addEventListener("submit", (event) => {
    if (event.target.id === "sign-out") quietly(forget);
  });

  window.addEventListener("load", async () => {
    try {
      const look = `${page.lang} ${page.dataset.theme}`;
      await navigator.serviceWorker.register(`${root}sw.js`, { scope: root });
      const { active } = await navigator.serviceWorker.ready;
      if (localStorage.getItem("veille look") !== look) {
        localStorage.setItem("veille look", look);
        active.postMessage("look");
      }
    } catch {
      // a browser that lets no worker in
    }
  });
})();
