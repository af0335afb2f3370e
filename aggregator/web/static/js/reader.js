// The reader: its list stays as it is while articles open, close, and come back with the browser's
// arrows; where one was is kept; and lines that are scrolled past are read, for whoever wants that.
(function () {
  "use strict";

  const reader = document.getElementById("reader");
  if (!reader) return;

  const list = () => document.getElementById("list");
  const panel = () => document.getElementById("panel");
  const lineOf = (id) => document.getElementById("entry-" + id);
  const idOf = (line) => line.id.slice("entry-".length);
  const lines = () => [...list().querySelectorAll(".row")];
  const tell = (name) => document.body.dispatchEvent(new Event(name));

  // What scrolls: the list on a wide screen, the page on a phone.
  const scrolls = () => getComputedStyle(list()).overflowY === "auto";
  const pane = () => (scrolls() ? list() : document.scrollingElement);
  const edge = () => list().querySelector(".list-head").getBoundingClientRect().bottom;

  // The browser's arrows: within one list only the article changes.
  const queryOf = (address) => new URL(address, location.href).searchParams;
  function isThisList(address) {
    const same = (name) => queryOf(address).get(name) === queryOf(reader.dataset.list).get(name);
    return new URL(address).pathname === new URL(reader.dataset.list, location.href).pathname && same("show") && same("order");
  }
  window.addEventListener("popstate", (event) => {
    if (!reader.isConnected || !isThisList(location.href)) return;
    event.stopImmediatePropagation(); // htmx would ask for the whole page, and the list would begin anew
    const wanted = queryOf(location.href).get("entry");
    const before = panel().dataset.entry;
    document.getElementById("open-" + (wanted || before))?.focus({ preventScroll: true });
    if (wanted) {
      htmx.ajax("GET", location.href, { target: "#panel", swap: "outerHTML" });
    } else {
      panel().hidden = true;
      panel().replaceChildren();
    }
  }, true);

  // No line is that of the open entry once it is closed.
  new MutationObserver(() => {
    if (panel().hidden) list().querySelector(".row-link[aria-current]")?.removeAttribute("aria-current");
  }).observe(reader, { attributes: true, subtree: true, attributeFilter: ["hidden"] });

  // The menu marks down to the line one is at: the selected one, else that of the open entry.
  document.addEventListener("toggle", (event) => {
    if (event.target.id !== "list-menu" || !event.target.open) return;
    const line = list().querySelector(".row.is-selected");
    const button = document.getElementById("read-down-to");
    button.value = line ? idOf(line) : panel().dataset.entry || "";
    button.disabled = !lineOf(button.value);
  }, true);

  // Where one was: the first lines in sight and how far they are from the top, so that the place
  // is found again though some of them have gone.
  const MOST_PIECES = 10;
  const LINES_KEPT = 8;
  const key = "reader " + reader.dataset.list;
  function keepPlace() {
    const top = edge();
    const inSight = lines().filter((line) => line.getBoundingClientRect().bottom > top).slice(0, LINES_KEPT);
    const places = inSight.map((line) => [idOf(line), Math.round(line.getBoundingClientRect().top - top)]);
    sessionStorage.setItem(key, JSON.stringify({ places, isTop: pane().scrollTop === 0 }));
  }
  function findPlace(places, pieces, then) {
    const found = places.find(([id]) => lineOf(id));
    const more = document.getElementById("go-on");
    if (found) {
      pane().scrollTop += lineOf(found[0]).getBoundingClientRect().top - edge() - found[1];
      then();
    } else if (more && pieces) {
      document.addEventListener("htmx:afterSettle", () => findPlace(places, pieces - 1, then), { once: true });
      more.click();
    }
  }
  function comeBack() {
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    const [way] = performance.getEntriesByType("navigation");
    const isBack = queryOf(location.href).has("at") || (way && way.type !== "navigate");
    const shown = () => lineOf(reader.dataset.selected)?.scrollIntoView({ block: "nearest" });
    if (kept && !kept.isTop && isBack) findPlace(kept.places, MOST_PIECES, shown);
  }
  window.addEventListener("pagehide", keepPlace);
  comeBack();

  // Read on scroll: a line that one has seen and that left upwards under one's own hand.
  const HAND_MS = 1000;
  const SEND_MS = 1200;
  const SCROLL_KEYS = new Set(["PageDown", "End", " "]);
  let handAt = -Infinity;
  let past = new Set();
  let timer = 0;
  function send() {
    clearTimeout(timer);
    const ids = [...past].filter((id) => lineOf(id) && !lineOf(id).classList.contains("is-read"));
    past = new Set();
    if (!ids.length) return;
    for (const id of ids) lineOf(id).classList.add("is-read");
    tell("acting");
    htmx.ajax("POST", reader.dataset.reads, { values: { id: ids }, target: "#toast", swap: "outerHTML" })
      .catch(() => { for (const id of ids) lineOf(id)?.classList.remove("is-read"); })
      .finally(() => tell("acted"));
  }
  function watch() {
    const seen = new WeakSet();
    const eye = new IntersectionObserver((sights) => {
      const byHand = performance.now() - handAt < HAND_MS;
      for (const { target, isIntersecting, boundingClientRect, rootBounds } of sights) {
        if (isIntersecting) seen.add(target);
        else if (byHand && seen.has(target) && boundingClientRect.bottom <= rootBounds.top) {
          past.add(idOf(target));
          clearTimeout(timer);
          timer = setTimeout(send, SEND_MS);
        }
      }
    }, { root: scrolls() ? list() : null, rootMargin: `-${Math.round(edge() - (scrolls() ? list().getBoundingClientRect().top : 0))}px 0px 0px 0px` });
    const observe = () => { for (const line of lines()) if (!line.classList.contains("is-read")) eye.observe(line); };
    const hand = (event) => { if (list().contains(event.target)) handAt = performance.now(); };
    observe();
    document.addEventListener("htmx:load", observe);
    for (const way of ["wheel", "touchmove", "pointermove"]) {
      document.addEventListener(way, (event) => { if (way !== "pointermove" || event.buttons) hand(event); }, { passive: true });
    }
    document.addEventListener("keydown", (event) => { if (SCROLL_KEYS.has(event.key)) hand(event); });
    window.addEventListener("pagehide", send);
  }
  if (reader.dataset.scrollReads === "on") watch();
})();
