// Acts by name. Each script says what it can do on this page; keys and the palette have it done.
window.veille = (function () {
  "use strict";
  const acts = new Map();
  return {
    // `act` gives false where there is nothing for it to do just now: then one told of before acts.
    can(name, act) { acts.set(name, [act, ...(acts.get(name) || [])]); },
    able(name) { return acts.has(name); },
    run(name) { return (acts.get(name) || []).some((act) => act() !== false); },
    // Whether a request was answered as asked: htmx puts refusals in their place too, and calls that success.
    succeeded(event) {
      const status = event.detail.xhr?.status;
      return status >= 200 && status < 400;
    },
    // Has a screen reader say something that only the eye would see. Said anew where it is the same.
    say(text) {
      const place = document.getElementById("say");
      place.textContent = "";
      setTimeout(() => { place.textContent = text; }, 60);
    },
  };
})();
