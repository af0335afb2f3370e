// What the page does beyond htmx: focus, Esc, the toast's eight seconds.
// Everything here has a twin that works without it.
(function () {
  "use strict";

  const TOAST_MS = 8000;
  const panel = () => document.getElementById("panel");

  // Focus: to the nearest place left where a part lost it.
  let focused = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const held = event.detail.target.contains(document.activeElement);
    focused = held ? document.activeElement.id : null;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    if (part.id !== "panel" && focused && !document.getElementById(focused) && document.activeElement === document.body) {
      part.querySelector("a, button, summary")?.focus({ preventScroll: true });
    }
    if (part.id === "toast") arm();
  });

  // Going back asks the server for the page; the place one was at is kept across it.
  let place = 0;
  document.addEventListener("htmx:historyCacheMissLoad", () => { place = window.scrollY; });
  document.addEventListener("htmx:historyRestore", () => window.scrollTo(0, place));

  function closePanel() {
    const open = panel();
    const link = open?.querySelector("[data-close]");
    if (!link) return false;
    const row = document.getElementById("open-" + open.dataset.entry);
    open.hidden = true;
    open.replaceChildren();
    history.pushState({ htmx: true }, "", link.getAttribute("href").split("#")[0]);
    (row || document.getElementById("main")).focus({ preventScroll: true });
    return true;
  }

  function closeMenus(except) {
    const menus = [...document.querySelectorAll("details.menu[open]")].filter((menu) => menu !== except);
    for (const menu of menus) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
    return menus.length > 0;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closeMenus() || closePanel();
  });

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    // After its form was sent: a button that loses the focus before is not told of in it.
    if (event.target.closest(".menu-item")) setTimeout(closeMenus);
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
    // On a page of its own an entry has its board behind it too, but for a search.
    if (plain && event.target.closest("[data-close]") && document.querySelector(".board, .sheet, .reader")) {
      event.preventDefault();
      closePanel();
    }
  });

  // A toast goes after eight seconds, unless one is at it.
  let timer = 0;
  function arm() {
    clearTimeout(timer);
    const toast = document.getElementById("toast");
    if (!toast.classList.contains("toast")) return;
    timer = setTimeout(() => {
      if (toast.matches(":hover") || toast.contains(document.activeElement)) arm();
      else {
        toast.className = "";
        toast.replaceChildren();
      }
    }, TOAST_MS);
  }
  document.addEventListener("DOMContentLoaded", arm);
})();
