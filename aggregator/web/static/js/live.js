// One request asks for all that has changed on this page: every 20 seconds, when the tab is looked
// at again, and when something told `changed`. Nobody looks: nothing is asked.
(function () {
  "use strict";

  const asker = () => document.getElementById("live");
  const is = (event) => event.target === asker();
  if (!asker() || !window.htmx) return;

  let asking = false; // a request is on its way
  let again = false; // what was told meanwhile may not be in its answer
  let acting = 0; // acts on their way, shown before the server knows of them
  let spoilt = false; // an act began after the request: its answer would show what was
  let everywhere = false; // not only what is in sight
  let timer = 0;
  let asked = new WeakSet();

  function ask() {
    if (document.hidden || !asker()) return;
    if (asking || acting) {
      again = true;
      return;
    }
    asking = true;
    again = spoilt = false;
    clearTimeout(timer);
    listen(asker());
    document.body.dispatchEvent(new Event("look"));
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(ask, Number(asker()?.dataset.every || 20) * 1000);
  }

  // In sight or within a screen of it; what has no place of its own counts as in sight.
  function inSight(field) {
    const place = field.parentElement.getBoundingClientRect();
    return place.bottom >= -innerHeight && place.top <= 2 * innerHeight;
  }
  const fields = () => [...document.querySelectorAll("input[name=seen]")];

  document.addEventListener("htmx:configRequest", (event) => {
    if (!is(event)) return;
    const chosen = everywhere ? fields() : fields().filter(inSight);
    everywhere = false;
    asked = new WeakSet(chosen);
    event.detail.parameters.seen = chosen.map((field) => field.value);
    const page = document.querySelector("#board")?.dataset.upto;
    const later = [...document.querySelectorAll(".box[data-upto]")].filter((box) => box.dataset.upto !== page);
    event.detail.parameters.shown = later.map((box) => `${box.id.slice("box-".length)}-${box.dataset.upto}`);
  });

  // Parts that left the page while the answer was on its way have no place in it: the panel was
  // closed, or shows another entry.
  function present(html) {
    const answer = document.createElement("template");
    answer.innerHTML = html;
    for (const part of [...answer.content.children]) {
      if (part.id && !document.getElementById(part.id)) part.remove();
    }
    return answer.innerHTML;
  }

  // Listened to on the asker itself: going back replaces it, and what it asked for the page before
  // is nobody's any more.
  const known = new WeakSet();
  function listen(element) {
    if (known.has(element)) return;
    known.add(element);
    element.addEventListener("htmx:beforeSwap", receive);
  }
  function receive(event) {
    if (!is(event)) {
      event.detail.shouldSwap = false;
    } else if (spoilt || acting) {
      event.detail.shouldSwap = false;
      again = true;
    } else {
      event.detail.serverResponse = present(event.detail.serverResponse);
    }
  }

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!is(event)) return;
    asking = false;
    if (again) ask();
    wait();
  });

  document.body.addEventListener("acting", () => {
    acting += 1;
    spoilt = true;
  });
  document.body.addEventListener("acted", () => {
    acting -= 1;
    if (!acting && again) ask();
  });

  // What is under a pressed button or holds an open menu stays as it is, its token too: it is
  // asked for again. Focus in a line that comes anew goes to that line.
  let held = null;
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const part = event.detail.target;
    if (part.matches(":active") || part.querySelector("details[open]")) {
      event.detail.shouldSwap = false;
      return;
    }
    const focused = document.activeElement;
    held = part.contains(focused) ? focused.closest("[id]").id : null;
    // A box that comes anew shows what its page counts as new: the count is asked for again.
    if (part.matches(".box")) again = true;
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    const part = held && document.getElementById(held);
    if (held && document.activeElement === document.body) {
      const near = part?.matches("a, button") ? part : part?.querySelector("a") || document.querySelector(".rows .row-link[tabindex='0']");
      (near || document.getElementById("main")).focus({ preventScroll: true });
    }
    held = null;
    announce();
  });

  // What is new is said once, and counted in the title, for those who look at another tab.
  let told = "";
  function announce() {
    const words = document.getElementById("show-new")?.textContent.trim() || "";
    if (words === told) return;
    const before = told && `(${told}) `;
    const title = document.title.startsWith(before) ? document.title.slice(before.length) : document.title;
    document.title = (words && `(${words}) `) + title;
    told = words;
    if (words) veille.say(words);
  }
  document.addEventListener("htmx:afterSettle", announce);

  document.addEventListener("htmx:historyRestore", () => {
    asking = false;
    wait();
  });

  document.addEventListener("visibilitychange", ask);
  document.body.addEventListener("changed", ask);
  document.body.addEventListener("undone", () => {
    everywhere = true;
    ask();
  });
  document.addEventListener("scrollend", () => {
    if (fields().some((field) => !asked.has(field) && inSight(field))) ask();
  }, true);
  wait();

  // The program was stopped, or is back.
  const offline = (gone) => { document.getElementById("offline").hidden = !gone; };
  document.addEventListener("htmx:sendError", () => offline(true));
  document.addEventListener("htmx:beforeOnLoad", () => offline(false));
})();
