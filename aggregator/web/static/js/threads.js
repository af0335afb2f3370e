// Threads: the key that goes to the conversation, jumps within it, and what has come into it.
(function () {
  "use strict";

  const shown = () => [...document.querySelectorAll(".thread")].find((thread) => thread.checkVisibility());
  const panel = () => document.querySelector("#panel:not([hidden])[data-entry]");
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");

  // Brings a place of a thread to the top of what scrolls, and the focus with it.
  function goTo(place) {
    if (!place.hasAttribute("tabindex") && !place.matches("a, button, summary")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "start", behavior: reduced.matches ? "auto" : "smooth" });
    return true;
  }
  const goToThread = (thread) => goTo(thread.querySelector("h3"));

  // To the thread of the open entry, else of the selected line; at the source where there is none.
  let wanted = null; // the entry whose thread is gone to as soon as it is open
  veille.can("comments", () => {
    const row = document.querySelector(".row.is-selected");
    const id = row?.id.slice("entry-".length);
    const open = panel();
    if (!row || !document.contains(row) || open?.dataset.entry === id || (open && open.contains(document.activeElement))) {
      const thread = shown();
      return thread ? goToThread(thread) : veille.run("comments-at-source");
    }
    if (!row.querySelector("[data-talk]")) return veille.run("comments-at-source");
    wanted = id;
    return veille.run("open");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    if (part.id === "panel" && wanted && part.dataset.entry === wanted) {
      const thread = part.querySelector(".thread");
      if (thread) goToThread(thread);
      wanted = null;
    }
    // A panel that was asked for at one of its comments shows that one.
    const at = part.id === "panel" && /[?&]comment=(\d+)/.exec(event.detail.requestConfig?.path || "");
    const place = at && document.getElementById("comment-" + at[1]);
    if (place) goTo(place);
    // What has come was asked for: one goes to the first of it.
    if (part.matches?.(".thread") && event.detail.requestConfig?.elt.matches("[data-thread-news]")) {
      const first = part.querySelector(".comment.is-new");
      if (first) goTo(first);
    }
  });

  // Jumps within a thread change no address: going back leads to the page before.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".thread a[href*='#comment-']");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    const place = link && plain && document.getElementById(new URL(link.href).hash.slice(1));
    if (!place) return;
    event.preventDefault();
    goTo(place);
  });

  // What has come into the thread one looks at is shown before what has come into the list.
  const news = () => [...document.querySelectorAll("[data-thread-news]")].find((link) => link.checkVisibility());
  veille.can("show-new", () => {
    const link = news() || document.getElementById("show-new");
    link?.click();
    return Boolean(link);
  });
  let told = "";
  document.addEventListener("htmx:oobAfterSwap", () => {
    const words = news()?.textContent.trim() || "";
    if (words && words !== told) veille.say(words);
    told = words;
  });

  // The choice of whom a comment answers goes away, and the focus back to what opened it.
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest?.(".thread [data-unpair]");
    if (!cancel) return;
    event.preventDefault();
    const comment = cancel.closest(".comment");
    again();
    comment.tabIndex = -1;
    comment.focus({ preventScroll: true });
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.matches?.(".comment-more")) event.detail.elt.querySelector("input:checked, input")?.focus({ preventScroll: true });
  });

  // A page has other boxes: the board is shown again as it is now.
  document.body.addEventListener("placed", () => {
    const tab = document.querySelector("#tabs [aria-current]");
    if (tab && document.getElementById("board")) htmx.ajax("GET", tab.getAttribute("href"), { target: "#board", swap: "outerHTML" }).catch(() => {});
  });

  // An act was taken back, or somebody said who answers whom: comments may stand elsewhere now.
  const isWriting = (thread) => thread.contains(document.activeElement) && document.activeElement.matches("textarea, input, select");
  function again() {
    const thread = shown();
    if (!thread || isWriting(thread)) return;
    const at = document.activeElement?.closest?.(".comment");
    htmx.ajax("GET", document.getElementById("marks").dataset.entries.replace(/entries\/$/, "threads/") + thread.dataset.thread + (at ? "?comment=" + at.id.slice("comment-".length) : ""), { target: thread, swap: "outerHTML" }).catch(() => {});
  }
  document.body.addEventListener("undone", again);
  document.body.addEventListener("paired", again);

  // One who comes to a comment by its address is at it.
  if (location.hash.startsWith("#comment-")) {
    const place = document.getElementById(location.hash.slice(1));
    if (place) goTo(place);
  }
})();
