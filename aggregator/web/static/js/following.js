// Following: Enter looks for an address, the name goes with the feed, and what was followed just
// now is looked at more often. Everything here has a twin that works without it.
(function () {
  "use strict";

  const SOON_MS = 2000;
  const MOST_LOOKS = 20;

  // An address is one line: Enter sends it. A list has several; Shift + Enter begins the second.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || field.id !== "what") return;
    if (field.value.trim() === "" || field.value.includes("\n")) return;
    event.preventDefault();
    field.form.requestSubmit();
  });

  // A name that nobody typed is that of the chosen feed.
  document.addEventListener("change", (event) => {
    const feed = event.target;
    if (feed.name !== "url" || !("name" in feed.dataset)) return;
    const names = [...feed.form.querySelectorAll("[data-name]")].map((other) => other.dataset.name);
    const field = feed.form.elements.namedItem("name");
    if (field.value === "" || names.includes(field.value)) field.value = feed.dataset.name;
  }, true);

  let looks = 0;
  function soon() {
    if (!document.querySelector(".box.is-new") || looks === MOST_LOOKS) return;
    looks += 1;
    if (!document.hidden) document.body.dispatchEvent(new Event("changed"));
    setTimeout(soon, SOON_MS);
  }
  setTimeout(soon, SOON_MS);
})();
