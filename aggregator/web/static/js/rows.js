// Lines of any list: one of them is selected; keys go from line to line and to the next unread one,
// and an open panel follows. Each list is one stop of the Tab key.
(function () {
  "use strict";

  const FOLLOW_MS = 140;
  const panel = () => document.querySelector("#panel:not([hidden])[data-entry]");
  const idOf = (row) => row.id.slice("entry-".length);
  const linkOf = (row) => row.querySelector(".row-link");
  const goes = (row) => linkOf(row).hasAttribute("data-goes"); // to a page of its own, not into the panel
  const rows = () => [...document.querySelectorAll(".rows > .row[id]")].filter((row) => row.offsetParent);
  const selected = () => document.querySelector(".row.is-selected");
  const firstOf = (list) => list.querySelector(".row.is-selected") || list.querySelector(".row[id]");

  // What opens an entry. Only the last one asked for comes.
  function opener(id, history) {
    let element = document.getElementById(id);
    if (!element) {
      element = document.createElement("i");
      element.id = id;
      element.hidden = true;
      element.setAttribute(history, "true");
      element.setAttribute("hx-sync", "this:replace");
      document.body.append(element);
    }
    return element;
  }
  function open(row, source) {
    const link = linkOf(row);
    const path = link.getAttribute("hx-get") || link.getAttribute("href");
    return htmx.ajax("GET", path, { source, target: "#panel", swap: "outerHTML" }).catch(() => {});
  }

  // Roving tabindex: the selected line of each list, else its first one, can be reached by Tab.
  function rove(list) {
    const stop = firstOf(list);
    for (const link of list.querySelectorAll(".row-link")) link.tabIndex = link.closest(".row") === stop ? 0 : -1;
  }
  let chosen = null; // the id of the selected line: it may come anew
  function prepare() {
    const row = chosen && document.getElementById(chosen);
    if (row && !row.classList.contains("is-selected")) row.classList.add("is-selected");
    for (const list of document.querySelectorAll(".rows")) rove(list);
    const shown = panel()?.dataset.entry;
    for (const link of document.querySelectorAll(".row-link[aria-current]")) link.removeAttribute("aria-current");
    if (shown) document.getElementById("open-" + shown)?.setAttribute("aria-current", "true");
  }

  function select(row) {
    const before = selected();
    if (before === row) return;
    before?.classList.remove("is-selected");
    row.classList.add("is-selected");
    chosen = row.id;
    for (const list of new Set([before?.closest(".rows"), row.closest(".rows")])) if (list) rove(list);
  }

  let timer = 0;
  function follow(row) {
    clearTimeout(timer);
    const open_ = panel();
    if (!open_ || open_.dataset.entry === idOf(row)) return;
    timer = setTimeout(() => {
      const now = document.getElementById(row.id); // its line may have come anew meanwhile
      if (panel() && now) open(now, opener("follower", "hx-replace-url"));
    }, FOLLOW_MS);
  }

  function goTo(row) {
    const reading = panel()?.contains(document.activeElement);
    select(row);
    if (!reading) linkOf(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    follow(row);
    return true;
  }

  // From where one is: the selected line, else that of the open entry.
  function place(all) {
    const shown = panel();
    return all.indexOf(selected() || (shown && document.getElementById("entry-" + shown.dataset.entry)));
  }
  function step(by) {
    const all = rows();
    const at = place(all);
    const row = at < 0 ? (by > 0 ? all[0] : all.at(-1)) : all[at + by];
    if (row) return goTo(row);
    if (by > 0) document.getElementById("go-on")?.click();
    return false;
  }
  const unread = (row) => !row.classList.contains("is-read");
  function stepUnread(by) {
    const all = rows();
    const at = place(all);
    const after = by > 0 ? all.slice(at + 1) : all.slice(0, Math.max(at, 0)).reverse();
    const row = after.find(unread) || (by > 0 ? all.find(unread) : all.findLast(unread));
    if (row && row !== all[at]) return goTo(row);
    document.getElementById("go-on")?.click();
    veille.say?.(document.getElementById("marks").dataset.none);
    return false;
  }

  function enter() {
    document.getElementById("panel-title")?.focus({ preventScroll: true });
  }
  function openNow(row) {
    clearTimeout(timer);
    select(row);
    if (goes(row)) return linkOf(row).click(), true;
    if (panel()?.dataset.entry === idOf(row)) enter();
    else if (linkOf(row).hasAttribute("hx-get")) linkOf(row).click();
    else open(row, opener("opener", "hx-push-url"));
    return true;
  }

  veille.can("next-line", () => step(1));
  veille.can("previous-line", () => step(-1));
  veille.can("next-unread", () => stepUnread(1));
  veille.can("previous-unread", () => stepUnread(-1));
  veille.can("open", () => (selected() ? openNow(selected()) : false));

  // At the source, in a tab of its own: of the open entry, or of the selected line.
  const atSource = (name) => () => {
    const row = selected();
    const shown = panel();
    const link = shown?.querySelector(`[data-${name}]`);
    if (shown && (!row || idOf(row) === shown.dataset.entry)) {
      link?.click();
      return Boolean(link);
    }
    if (!row?.id.startsWith("entry-")) return false;
    if (name === "original") htmx.ajax("POST", document.getElementById("marks").dataset.entries + idOf(row) + "/opened", { swap: "none" }).catch(() => {});
    window.open(document.getElementById("marks").dataset.entries + idOf(row) + "/" + name, "_blank", "noopener");
    return true;
  };
  veille.can("original", atSource("original"));
  veille.can("comments-at-source", atSource("comments"));

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".rows .row-link");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const row = link.closest(".row");
    clearTimeout(timer);
    select(row);
    if (link.hasAttribute("hx-get") || goes(row)) return;
    event.preventDefault();
    openNow(row);
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.(".rows > .row[id]");
    if (row && !event.target.matches("input[type=checkbox]")) select(row); // ticking a line opens nothing
  });

  document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.(".rows > .row[id]");
    if (!row || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const near = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (near) {
      event.preventDefault();
      const list = [...document.querySelectorAll(".rows > .row[id]")].filter((each) => each.offsetParent);
      const other = row[near]?.id ? row[near] : list[list.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
      if (other) goTo(other);
    } else if (event.key === "Enter" && event.target.matches(".row-link") && panel()?.dataset.entry === idOf(row)) {
      event.preventDefault();
      enter();
    }
  });

  // Focus: into the panel as it opens; not where it only follows, but for one who was in it.
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    prepare();
    if (part.id !== "panel") {
      if (part.matches(".box") && event.detail.requestConfig?.verb === "get") part.querySelector(".row-link")?.focus({ preventScroll: true });
      return;
    }
    part.scrollTop = 0;
    selected()?.scrollIntoView({ block: "nearest" }); // the board makes room for the panel
    const follows = event.detail.requestConfig?.elt.id === "follower";
    if (!follows || wasReading) {
      if (!part.contains(document.activeElement)) enter();
    }
  });
  let wasReading = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "panel") wasReading = event.detail.target.contains(document.activeElement);
  });
  document.addEventListener("htmx:oobAfterSwap", prepare);
  document.addEventListener("htmx:historyRestore", () => {
    prepare();
    if (panel()) enter();
  });

  // One arrives at an entry (?at=): it is selected and brought into sight.
  function arrive() {
    const board = document.getElementById("board");
    const at = board?.dataset.at || document.getElementById("reader")?.dataset.selected;
    // A box shows only its latest lines: of an older entry, its box is the place.
    const row = document.getElementById("entry-" + at) || document.querySelector(`#box-${board?.dataset.box || 0} .row[id]`);
    chosen = row ? row.id : null;
    prepare();
    if (!row) return;
    row.scrollIntoView({ block: "nearest" });
    if (panel()) enter();
    else linkOf(row).focus({ preventScroll: true });
  }
  arrive();

  // Switching between board and reader takes the open entry along, else the selection.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#switch");
    const open_ = link && panel()?.dataset.entry;
    const at = link && selected() && idOf(selected());
    if (open_ && document.getElementById("reader")) {
      link.href = document.getElementById("marks").dataset.entries + open_;
    } else if (open_ || at) {
      const address = new URL(link.href);
      address.searchParams.set(open_ ? "entry" : "at", open_ || at);
      link.href = address.href;
    }
  }, true);
  veille.can("switch", () => {
    const link = document.getElementById("switch");
    link?.click();
    return Boolean(link);
  });
})();
