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

  // What scrolls: the list on a wide screen, the page on a phone.
  const scrolls = () => getComputedStyle(list()).overflowY === "auto";
  const pane = () => (scrolls() ? list() : document.scrollingElement);
  const top = () => (scrolls() ? list().getBoundingClientRect().top : 0) + head().offsetHeight;
  const head = () => list().querySelector(".list-head");

  // The open entry is marked in the list, whoever opened it and whatever was swapped meanwhile.
  function markOpen() {
    const id = panel().dataset.entry && !panel().hidden ? panel().dataset.entry : null;
    for (const link of list().querySelectorAll(".row-link[aria-current]")) {
      if (link.id !== "open-" + id) link.removeAttribute("aria-current");
    }
    if (id) document.getElementById("open-" + id)?.setAttribute("aria-current", "true");
  }

  // The browser's arrows: within one list only the article changes.
  const sameList = (one, other) => {
    const [here, there] = [one, other].map((address) => {
      const { pathname, searchParams } = new URL(address, location.href);
      return [pathname, searchParams.get("show"), searchParams.get("order")].join(" ");
    });
    return here === there;
  };
  let shown = location.href;
  const entryIn = (address) => new URL(address, location.href).searchParams.get("entry");
  window.addEventListener("popstate", (event) => {
    if (!reader.isConnected || !sameList(shown, location.href)) return;
    event.stopImmediatePropagation(); // htmx would ask for the whole page, and the list would begin anew
    const before = panel().dataset.entry;
    shown = location.href;
    if (entryIn(shown)) {
      htmx.ajax("GET", shown, { target: "#panel", swap: "outerHTML" });
    } else {
      panel().hidden = true;
      panel().replaceChildren();
      markOpen();
      document.getElementById("open-" + before)?.focus({ preventScroll: true });
    }
  }, true);
  document.addEventListener("htmx:pushedIntoHistory", () => { shown = location.href; });

  // An entry that was read stays under the eye: its line is brought into sight, no further.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.id === "panel") {
      shown = location.href;
      lineOf(panel().dataset.entry)?.scrollIntoView({ block: "nearest" });
    }
    markOpen();
  });
  new MutationObserver(() => { shown = location.href; markOpen(); }).observe(reader, { attributes: true, subtree: true, attributeFilter: ["hidden"] });

  // Acts of the whole list.
  veille.can("read-all", () => document.getElementById("read-list").click());
  veille.can("show-new", () => {
    const link = document.getElementById("show-new");
    if (!link) return false;
    link.click();
    return true;
  });
  function selected() {
    const held = document.activeElement.closest?.(".row") || list().querySelector(".row.is-selected");
    return held ? idOf(held) : panel().dataset.entry;
  }
  let last = reader.dataset.selected;
  document.addEventListener("focusin", () => { last = selected() || last; });
  document.addEventListener("toggle", (event) => {
    if (event.target.id !== "list-menu" || !event.target.open) return;
    const button = document.getElementById("read-down-to");
    button.value = panel().dataset.entry || last || "";
    button.disabled = !lineOf(button.value);
  }, true);

  // Where one was: the first lines in sight and how far they are from the top, so that the place
  // is found again though some of them have gone.
  const key = "reader " + location.pathname + (new URLSearchParams(location.search).get("show") || "");
  function keepPlace() {
    const edge = top();
    const inSight = lines().filter((line) => line.getBoundingClientRect().bottom > edge).slice(0, 8);
    const places = inSight.map((line) => [idOf(line), Math.round(line.getBoundingClientRect().top - edge)]);
    sessionStorage.setItem(key, JSON.stringify({ places, atTop: pane().scrollTop === 0 }));
  }
  window.addEventListener("pagehide", keepPlace);

  const MOST_PIECES = 10;
  function findPlace(places, left) {
    const found = places.find(([id]) => lineOf(id));
    if (found) {
      programmatic = true;
      pane().scrollTop += lineOf(found[0]).getBoundingClientRect().top - top() - found[1];
      return;
    }
    const more = document.getElementById("go-on");
    if (!more || !left) return;
    document.addEventListener("htmx:afterSettle", () => findPlace(places, left - 1), { once: true });
    more.click();
  }
  function restore() {
    const selectedLine = lineOf(reader.dataset.selected);
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    const [how] = performance.getEntriesByType("navigation");
    const isSwitched = new URLSearchParams(location.search).has("at");
    if (kept && !kept.atTop && (isSwitched || (how && how.type !== "navigate"))) findPlace(kept.places, MOST_PIECES);
    selectedLine?.scrollIntoView({ block: "nearest" });
    if (isSwitched && selectedLine) selectedLine.querySelector(".row-link").focus({ preventScroll: true });
  }

  // Read on scroll: a line that one has seen and that left upwards under one's own hand.
  const HAND_MS = 1000;
  const SEND_MS = 1200;
  const SCROLL_KEYS = new Set(["PageDown", "End", " ", "ArrowDown"]);
  let handAt = -Infinity;
  let programmatic = false;
  let past = new Set();
  let timer = 0;
  const isHand = () => performance.now() - handAt < HAND_MS;
  const hand = () => { handAt = performance.now(); programmatic = false; };
  function send() {
    const ids = [...past].filter((id) => lineOf(id) && !lineOf(id).classList.contains("is-read"));
    past = new Set();
    if (!ids.length) return;
    for (const id of ids) lineOf(id).classList.add("is-read");
    htmx.ajax("POST", reader.dataset.reads, { values: { id: ids }, target: "#toast", swap: "outerHTML" });
  }
  function watch() {
    const seen = new WeakSet();
    const eye = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting, boundingClientRect, rootBounds } of entries) {
        if (isIntersecting) seen.add(target);
        else if (seen.has(target) && boundingClientRect.bottom <= rootBounds.top && isHand() && !programmatic) {
          past.add(idOf(target));
          clearTimeout(timer);
          timer = setTimeout(send, SEND_MS);
        }
      }
    }, { root: scrolls() ? list() : null, rootMargin: `-${head().offsetHeight}px 0px 0px 0px` });
    const observe = () => { for (const line of lines()) if (!line.classList.contains("is-read")) eye.observe(line); };
    observe();
    document.addEventListener("htmx:load", observe);
    for (const event of ["wheel", "touchmove", "pointerdown"]) {
      document.addEventListener(event, (how) => { if (list().contains(how.target)) hand(); }, { passive: true });
    }
    document.addEventListener("keydown", (event) => { if (SCROLL_KEYS.has(event.key)) hand(); });
    window.addEventListener("pagehide", send);
  }

  restore();
  markOpen();
  if (reader.dataset.scrollReads === "on") watch();
})();
