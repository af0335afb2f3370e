// One request asks for all that has changed on this page: every 20 seconds, when the tab is looked
// at again, and when something told `changed`. Nobody looks: nothing is asked.
(function () {
  "use strict";

  const asker = document.getElementById("live");
  if (!asker || !window.htmx) return;

  let asking = false;
  let again = false;
  let timer = 0;

  function ask() {
    if (document.hidden) return;
    if (asking) {
      again = true; // what was told meanwhile may not be in the answer
      return;
    }
    asking = true;
    again = false;
    clearTimeout(timer);
    document.body.dispatchEvent(new Event("look"));
  }

  // The parts in sight or within a screen of it; what has no place of its own counts as in sight.
  function inSight(part) {
    const place = part.getBoundingClientRect();
    return place.bottom >= -innerHeight && place.top <= 2 * innerHeight;
  }

  asker.addEventListener("htmx:configRequest", (event) => {
    const fields = [...document.querySelectorAll("input[name=seen]")];
    event.detail.parameters.seen = fields
      .filter((field) => inSight(field.parentElement))
      .map((field) => field.value);
  });

  asker.addEventListener("htmx:afterRequest", () => {
    asking = false;
    if (again) ask();
    else wait();
  });

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(ask, Number(asker.dataset.every) * 1000);
  }

  // What is under a pressed button, or holds an open menu, stays as it is: its token too, so that
  // it is asked for again.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const part = event.detail.target;
    if (part.matches(":active") || part.querySelector("details[open]")) event.detail.shouldSwap = false;
  });

  document.addEventListener("visibilitychange", ask);
  document.body.addEventListener("changed", ask);
  wait();
})();
