// Keys: by what they type, so that every layout of a keyboard agrees. Which does what is said in
// keys.py and comes with the page; whichever script can, acts.
(function () {
  "use strict";

  const WAIT_MS = 1500;
  const MAY_REPEAT = /-(line|unread)$/;
  const FIELD = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

  const told = document.querySelector("meta[name=veille-keys]").content;
  const acts = new Map(told.split(" ").map((each) => [each.slice(0, each.lastIndexOf("=")), each.slice(each.lastIndexOf("=") + 1)]));
  const starts = new Set([...acts.keys()].filter((keys) => keys.includes(",")).map((keys) => keys.split(",")[0]));

  let before = null;
  let timer = 0;
  function wait(key) {
    clearTimeout(timer);
    before = key;
    if (key) timer = setTimeout(() => { before = null; }, WAIT_MS);
  }

  // Capitals are meant where Shift is held: a locked Caps makes none.
  function typed(event) {
    if (!/^\p{L}$/u.test(event.key)) return event.key;
    return event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
  }

  function isTyping(event) {
    const field = event.target instanceof Element && event.target.closest(FIELD);
    return field || event.isComposing || event.keyCode === 229;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      veille.run("palette");
      return;
    }
    // AltGr types letters, though it says Ctrl and Alt.
    const held = (control || event.altKey) && !event.getModifierState("AltGraph");
    const off = document.documentElement.dataset.keys === "off";
    if (held || off || isTyping(event) || document.querySelector("dialog[open]")) return wait(null);
    if (["Shift", "AltGraph", "CapsLock"].includes(event.key)) return;

    const key = typed(event);
    const act = acts.get(before ? `${before},${key}` : key);
    if (!before && starts.has(key)) {
      if (!event.repeat) wait(key);
      return;
    }
    wait(null);
    if (!act || (event.repeat && !MAY_REPEAT.test(act))) return;
    if (veille.run(act)) event.preventDefault();
  });

  // Links that an act follows, and links and buttons that have an act done instead.
  for (const link of document.querySelectorAll("a[data-does]")) {
    for (const act of link.dataset.does.split(" ")) veille.can(act, () => link.click());
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-act]");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    if (link && plain && veille.run(link.dataset.act)) event.preventDefault();
  });
  const other = document.getElementById("switch");
  veille.can("switch", () => { location.assign(other.href); });

  veille.can("search", () => {
    const fields = [...document.querySelectorAll("#search-words, #search-box")];
    const field = fields.find((each) => each.checkVisibility());
    if (field) field.select();
    else location.assign(document.querySelector("form.search").action);
  });

  const help = document.getElementById("help");
  veille.can("help", () => {
    if (help.open) return;
    const sheet = document.getElementById("help-sheet");
    help.showModal();
    if (!sheet.childElementCount) htmx.ajax("GET", help.dataset.from, { target: sheet, swap: "innerHTML" });
  });
})();
