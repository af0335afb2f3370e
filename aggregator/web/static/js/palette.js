// The palette: what one can go to, find and do, by typing some of its letters.
(function () {
  "use strict";

  const MOST = 40;
  const dialog = document.getElementById("palette");
  const words = document.getElementById("palette-words");
  const list = document.getElementById("palette-list");
  const source = document.getElementById("palette-source");
  let all = [];
  let active = 0;

  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // What can be chosen here: what the server listed, without the acts that this page cannot do,
  // and the choices of the look.
  function gather() {
    const listed = [...source.querySelectorAll(".place")]
      .filter((place) => place.dataset.kind !== "act" || veille.able(place.dataset.does))
      .map((place) => ({ place, name: place.querySelector(".place-name").textContent, kind: place.dataset.kind }));
    const choices = [...document.querySelectorAll("#looks .segment[aria-pressed=false]")].map((button) => {
      const title = button.parentElement.getAttribute("aria-label");
      return { button, name: `${title}: ${button.textContent}`, kind: "choice" };
    });
    all = [...listed, ...choices].map((each) => ({ ...each, folded: fold(each.name) }));
  }

  // The smaller the better: at its start, at the start of words, anywhere, letters in that order.
  function distance(text, wanted) {
    if (text.startsWith(wanted)) return 0;
    const starts = wanted.split(" ").every((part) => text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(part)));
    if (starts) return 1;
    if (text.includes(wanted)) return 2;
    let at = -1;
    for (const letter of wanted.replaceAll(" ", "")) {
      at = text.indexOf(letter, at + 1);
      if (at < 0) return Infinity;
    }
    return 4;
  }

  function found(wanted) {
    if (!wanted) return all.filter((each) => !["source", "choice"].includes(each.kind) && !("steps" in each.place.dataset));
    const near = all
      .map((each) => ({ ...each, far: distance(each.folded, wanted) }))
      .filter((each) => each.far < Infinity);
    const find = { kind: "find", name: list.dataset.find.replace("…", words.value.trim()), far: 3 };
    return [...near, find].sort((one, other) => one.far - other.far);
  }

  function option(each, index) {
    const line = document.createElement("li");
    line.id = `palette-option-${index}`;
    line.className = "palette-option";
    line.setAttribute("role", "option");
    if (each.place) line.append(...each.place.cloneNode(true).childNodes);
    else {
      const icon = document.querySelector(each.kind === "find" ? ".palette-head .icon" : "#looks summary .icon");
      const name = document.createElement("span");
      name.className = "place-name";
      name.textContent = each.name;
      line.append(icon.cloneNode(true), name);
    }
    line.addEventListener("pointermove", () => point(index));
    line.addEventListener("click", () => choose(each));
    line.each = each;
    return line;
  }

  function show() {
    list.replaceChildren(...found(fold(words.value.trim())).slice(0, MOST).map(option));
    point(0);
    list.scrollTop = 0;
  }

  function point(index) {
    active = index;
    for (const [number, line] of [...list.children].entries()) {
      line.setAttribute("aria-selected", String(number === index));
    }
    const line = list.children[index];
    if (line) words.setAttribute("aria-activedescendant", line.id);
    else words.removeAttribute("aria-activedescendant");
  }

  function move(step) {
    const count = list.childElementCount;
    if (!count) return;
    point((active + step + count) % count);
    list.children[active].scrollIntoView({ block: "nearest" });
  }

  function choose(each) {
    dialog.close();
    if (each.kind === "act") veille.run(each.place.dataset.does);
    else if (each.kind === "choice") each.button.click();
    else if (each.kind === "find") {
      location.assign(`${list.dataset.search}?${new URLSearchParams({ q: words.value.trim() })}`);
    } else location.assign(each.place.href);
  }

  words.addEventListener("input", show);
  words.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) move(step);
    else if (event.key === "Enter" && list.children[active]) choose(list.children[active].each);
    else return;
    event.preventDefault();
  });

  veille.can("palette", () => {
    if (dialog.open) {
      dialog.close();
      return;
    }
    for (const other of document.querySelectorAll("dialog[open]")) other.close();
    words.value = "";
    dialog.showModal();
    const ready = () => {
      gather();
      show();
    };
    if (source.childElementCount) ready();
    else htmx.ajax("GET", list.dataset.from, { target: source, swap: "innerHTML" }).then(ready);
  });
})();
