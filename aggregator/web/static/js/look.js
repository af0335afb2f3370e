// The look of the page that is there, as soon as it is chosen; the server keeps the choice.
(function () {
  "use strict";

  const page = document.documentElement;

  // A button of a choice was pressed: what shows it changes at once, before the server has answered.
  function show(name, value) {
    page.dataset[name] = value;
    if (name === "theme") {
      document.querySelector("meta[name=color-scheme]").content = value === "auto" ? "light dark" : value;
    }
    for (const button of document.querySelectorAll(`.segment[name=${name}]`)) {
      button.setAttribute("aria-pressed", String(button.value === value));
    }
    if (name === "rail") document.getElementById("rail-width").value = value === "wide" ? "narrow" : "wide";
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.detail.requestConfig.triggeringEvent?.submitter;
    if (button && ["theme", "density", "rail"].includes(button.name)) show(button.name, button.value);
  });

  // The current tab is in view on a small screen, in browsers that do not start there by style.
  const tabs = document.getElementById("tabs");
  const here = tabs?.querySelector("[aria-current]");
  if (here && !CSS.supports("scroll-initial-target", "nearest")) {
    tabs.scrollLeft = here.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
  }

  if (/Mac|iP/.test(navigator.platform)) {
    for (const key of document.querySelectorAll(".search-more kbd")) key.textContent = "⌘ K";
  }
})();
