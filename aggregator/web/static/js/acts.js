// Acts on entries: shown at once, then sent, and put back where that fails. Without this the same
// buttons send the form they belong to.
(function () {
  "use strict";

  const ACT = /\/entries\/(\d+)\/(read|unread|star|unstar)$/;
  const ALL = /\/(?:pages\/[^/]+|sources\/(\d+))\/read$/;
  const OPPOSITE = { read: "unread", unread: "read", star: "unstar", unstar: "star" };

  const marks = () => document.getElementById("marks");
  const rowOf = (id) => document.getElementById("entry-" + id);
  const tell = (name) => document.body.dispatchEvent(new Event(name));

  // What is painted is no longer what its part says that it shows: it is sent again whatever it is.
  function spoil(place) {
    let part = place;
    while (part && !part.querySelector("input[name=seen]")) part = part.parentElement;
    const field = part?.querySelector("input[name=seen]");
    if (field) field.value = field.value.replace(/[^.]*$/, "");
  }

  // Counts in words are left to the server, which is asked at once.
  function count(row, by) {
    const places = [
      row.closest(".box")?.querySelector(".pill"),
      document.querySelector("#tabs [aria-current] .tab-count"),
    ];
    for (const place of places) {
      const number = place?.firstChild?.nodeType === Node.TEXT_NODE ? place.firstChild : place?.childNodes[1];
      if (!number || !/^\s*\d{1,3}\s*$/.test(number.data || "")) continue;
      const left = Math.max(Number(number.data) + by, 0);
      number.data = left;
      place.hidden = !left;
      spoil(place);
    }
  }

  function paintRead(row, read) {
    const button = row.querySelector("button.dot, .dot button");
    row.classList.toggle("is-read", read);
    row.querySelector(".is-unread")?.remove();
    if (!read) {
      const words = document.getElementById("unread-words").content.cloneNode(true);
      row.querySelector(".row-link").prepend(words);
    }
    if (button?.form === marks()) {
      button.setAttribute("formaction", button.getAttribute("formaction").replace(/(un)?read$/, read ? "unread" : "read"));
      button.title = read ? marks().dataset.unread : marks().dataset.read;
      button.setAttribute("aria-label", button.title);
    }
    count(row, read ? -1 : 1);
  }

  function paintKept(row, kept) {
    row.classList.toggle("is-kept", kept);
    row.querySelector(".kept")?.remove();
    const meta = row.querySelector(".row-meta");
    if (kept && meta) {
      const star = document.getElementById("kept-words").content.cloneNode(true);
      meta.insertBefore(star, meta.querySelector(".count, time"));
    }
  }

  // Gives whether the line was otherwise before.
  function paint(id, act) {
    const wanted = act === "read" || act === "star";
    const star = act.endsWith("star") && document.getElementById("star-" + id);
    if (star) {
      star.classList.toggle("is-on", wanted);
      spoil(star);
    }
    const row = rowOf(id);
    if (!row) return false;
    spoil(row);
    const [name, change] = act.endsWith("star") ? ["is-kept", paintKept] : ["is-read", paintRead];
    if (row.classList.contains(name) === wanted) return false;
    change(row, wanted);
    return true;
  }

  // One after the other, so that an undo comes after what it undoes.
  let last = Promise.resolve();
  function send(path, values) {
    tell("acting");
    const sent = last.then(() => new Promise((done) => {
      const source = document.createElement("i");
      source.hidden = true;
      document.body.append(source);
      source.addEventListener("htmx:afterRequest", (event) => {
        tell("acted");
        done(veille.succeeded(event));
        if (!event.detail.xhr?.status) unreached();
        setTimeout(() => source.remove());
      });
      htmx.ajax("POST", path, { source, target: "#toast", swap: "outerHTML", values }).catch(() => {});
    }));
    last = sent;
    return sent;
  }

  function unreached() {
    const toast = document.getElementById("toast");
    const words = document.createElement("span");
    words.textContent = marks().dataset.failed;
    toast.className = "toast is-bad";
    toast.replaceChildren(words);
  }

  async function act(path, id, what) {
    const changed = paint(id, what);
    if (!(await send(path, {})) && changed) paint(id, OPPOSITE[what]);
  }

  // All that a box or the page shows is read.
  async function readAll(path, values, source) {
    const within = source ? document.getElementById("box-" + source) : document;
    const rows = [...(within?.querySelectorAll(".rows > .row:not(.is-read, .is-skeleton)") || [])];
    const changed = rows.map((row) => row.id.slice("entry-".length)).filter((id) => paint(id, "read"));
    if (!(await send(path, values))) for (const id of changed) paint(id, "unread");
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const path = new URL(form === marks() ? button.formAction : form.action, location.href).pathname;
    const [, id, what] = ACT.exec(path) || [];
    if (form.elements.quiet || (form !== marks() && !id)) return;
    event.preventDefault();
    event.stopPropagation();
    const values = button?.name ? { [button.name]: button.value } : {};
    const all = ALL.exec(path);
    if (id) act(path, id, what);
    else if (all) readAll(path, values, all[1]);
    else send(path, values);
  }, true);

  // Opening is reading: the panel sends it by itself, and the line shows it at once.
  const quietly = (event) => event.target.matches?.("form") && event.target.elements.quiet && ACT.exec(new URL(event.target.action, location.href).pathname);
  const opened = new Map();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const found = quietly(event);
    if (!found) return;
    tell("acting");
    opened.set(event.target, paint(found[1], "read"));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig?.elt;
    if (!opened.has(form)) return;
    if (!veille.succeeded(event) && opened.get(form)) paint(ACT.exec(new URL(form.action, location.href).pathname)[1], "unread");
    opened.delete(form);
    tell("acted");
  });

  // Keys: on the entry one is in, else on the line that is selected, else on the open entry.
  function entry() {
    const panel = document.querySelector("#panel:not([hidden])[data-entry]");
    const row = document.querySelector(".row.is-selected[id^=entry-]");
    if (panel?.contains(document.activeElement) || !row) return panel?.dataset.entry;
    return row.id.slice("entry-".length);
  }
  function toggle(name, button, [on, off]) {
    const id = entry();
    if (!id) return false;
    const row = rowOf(id);
    const form = document.getElementById(button + id)?.form;
    const what = row ? (row.classList.contains(name) ? off : on) : ACT.exec(form.action)[2];
    act(marks().dataset.entries + id + "/" + what, id, what);
    return true;
  }
  veille.can("mark", () => toggle("is-read", "mark-", ["read", "unread"]));
  veille.can("keep", () => toggle("is-kept", "star-", ["star", "unstar"]));
  veille.can("undo", () => {
    const offered = document.getElementById("undo");
    if (offered) offered.click();
    else send(marks().dataset.undo, {});
  });
  veille.can("read-all", () => {
    const button = document.querySelector("#read-page, #read-list");
    button?.click();
    return Boolean(button);
  });
  veille.can("show-new", () => {
    const link = document.getElementById("show-new");
    link?.click();
    return Boolean(link);
  });
})();
