// Comments: acts on them are sent one after the other, the next comment of the queue comes by
// itself, and the answer one is writing is never lost. Without this the same buttons send forms.
(function () {
  "use strict";

  const ACT = /\/comments\/(?:(\d+)\/(draft|ask|sent|closed|waiting|file|snooze|assign|label|unlabel|note|hide|unhide|star|unstar)|acts)$/;
  const PHRASES = /\/comments\/phrases(?:\/\d+\/delete)?$/;
  // Where a comment goes by an act: out of the queue it stands in, if that is another.
  const GOES_TO = { sent: "sent", closed: "answered", waiting: "waiting", file: "handled", snooze: "snoozed", hide: "hidden", unhide: "" };
  const FOLLOW_MS = 140;

  const marks = () => document.getElementById("comment-marks");
  const inbox = () => document.getElementById("inbox");
  const list = () => document.getElementById("inbox-list");
  const opened = () => document.getElementById("inbox-open");
  const lineOf = (id) => document.getElementById("line-" + id);
  const linkOf = (line) => line.querySelector(".row-link");
  const tell = (name) => document.body.dispatchEvent(new Event(name));
  const isSideBySide = () => opened() && list() && opened().checkVisibility() && list().checkVisibility();

  // Acts, one after the other, so that an undo comes after what it undoes.
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

  let lastActed = null; // comes back to the eye when it is undone
  async function act(path, values, ids, what) {
    lastActed = ids[0] || null;
    const gone = ids.filter((id) => leaves(what) && lineOf(id));
    const next = gone.length ? after(gone) : null;
    const isOpenGone = gone.includes(shown());
    for (const id of gone) lineOf(id).remove();
    if (gone.length) goOn(next, isOpenGone);
    const done = await send(path, values);
    if (!done) comesBack = gone[0];
    // What comes after the last line that was there; or all as it was, where nothing was done.
    if (gone.length && !(done && next)) refresh();
    return done;
  }
  function leaves(what) {
    return inbox() && what in GOES_TO && GOES_TO[what] !== inbox().dataset.queue && what !== "label";
  }

  // The next comment of the queue, else the one before: selected, focused, open where there is room.
  function after(ids) {
    const lines = [...list().querySelectorAll(".row")];
    const at = lines.findIndex((line) => ids.includes(line.dataset.comment));
    const left = (line) => !ids.includes(line.dataset.comment);
    return lines.slice(at).find(left) || lines.slice(0, at).findLast(left) || null;
  }
  function goOn(next, isOpenGone) {
    if (!next) {
      if (opened()) {
        inbox().classList.remove("is-chosen");
        opened().dataset.comment = "";
        opened().replaceChildren();
      }
      history.replaceState(history.state, "", inbox().dataset.list);
      return;
    }
    if (!isSideBySide() && opened()?.checkVisibility()) return open(next, "hx-replace-url");
    linkOf(next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    if (!isOpenGone || !isSideBySide()) return;
    clearTimeout(timer); // the focus would open it a second time
    open(next, "hx-replace-url");
  }

  // Opening: what is asked for last comes.
  function opener(history) {
    const id = "comment-" + history;
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
  function open(line, history) {
    const id = line.dataset.comment;
    const path = linkOf(line).getAttribute("href");
    coming = id;
    return htmx.ajax("GET", path, { source: opener(history), target: "#inbox-open", swap: "outerHTML" }).catch(() => {}).finally(() => {
      if (coming === id) coming = null;
    });
  }
  let coming = null; // the comment that was asked for, until it is open
  const shown = () => coming || opened()?.dataset.comment;
  let timer = 0;
  document.addEventListener("focusin", (event) => {
    const line = event.target.closest?.("#inbox-list .row");
    if (!line || !isSideBySide() || event.target.matches("input")) return;
    clearTimeout(timer);
    if (shown() === line.dataset.comment) return;
    timer = setTimeout(() => {
      const now = lineOf(line.dataset.comment);
      if (now && shown() !== now.dataset.comment) open(now, "hx-replace-url");
    }, FOLLOW_MS);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#inbox-list .row-link")) clearTimeout(timer);
    const back = event.target.closest?.("[data-to-list]");
    if (!back) return;
    event.preventDefault();
    inbox().classList.remove("is-chosen");
    history.pushState({ htmx: true }, "", inbox().dataset.list);
    const line = lineOf(opened().dataset.comment);
    (line ? linkOf(line) : document.getElementById("main")).focus({ preventScroll: true });
    line?.scrollIntoView({ block: "nearest" });
  });

  // The list as it is now: after an undo, or where it came to its end.
  function refresh() {
    if (!inbox() || !list()) return;
    htmx.ajax("GET", inbox().dataset.list, { target: "#inbox-list", swap: "outerHTML" }).catch(() => {});
  }
  let comesBack = null;
  document.body.addEventListener("undone", () => {
    comesBack = lastActed;
    refresh();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    if (part.id === "inbox-list") settle();
    if (part.id === "inbox-open") {
      mark();
      if (event.detail.requestConfig?.elt.matches(".row-link")) {
        inbox()?.classList.add("is-chosen");
        document.getElementById("open-title")?.focus({ preventScroll: true });
      }
      bringIntoSight();
    }
    if (part.matches?.(".acts.is-full") && wanted === part.dataset.comment) write(part);
  });
  function settle() {
    const line = (comesBack && lineOf(comesBack)) || list().querySelector(".row");
    if (!line) veille.say(inbox().dataset.empty);
    const isBack = comesBack && line?.dataset.comment === comesBack;
    comesBack = null;
    if (!line) return;
    if (isBack || !opened()?.dataset.comment) {
      linkOf(line).focus({ preventScroll: true });
      line.scrollIntoView({ block: "nearest" });
      if (isSideBySide() && shown() !== line.dataset.comment) open(line, "hx-replace-url");
    }
    mark();
  }
  // The title tells the count of the queue, as it is now.
  function retitle() {
    const here = document.querySelector("#inbox #queues [aria-current]");
    if (!here) return;
    const count = here.querySelector(".queue-count")?.firstChild.data;
    const now = here.firstElementChild.textContent + (count ? ` (${count})` : "");
    document.title = [now, ...document.title.split(" · ").slice(1)].join(" · ");
  }
  for (const name of ["htmx:afterSettle", "htmx:oobAfterSwap"]) document.addEventListener(name, retitle);
  function mark() {
    for (const link of document.querySelectorAll("#inbox-list .row-link[aria-current]")) link.removeAttribute("aria-current");
    const line = lineOf(opened()?.dataset.comment);
    if (line) linkOf(line).setAttribute("aria-current", "true");
  }
  // The comment at hand, in a long conversation.
  function bringIntoSight() {
    const place = document.getElementById("comment-" + (opened()?.dataset.comment || 0));
    const pane = [".inbox-thread", ".inbox-open"].map((name) => place?.closest(name)).find((each) => each && each.scrollHeight > each.clientHeight && getComputedStyle(each).overflowY === "auto");
    if (pane) {
      const below = place.getBoundingClientRect().top - pane.getBoundingClientRect().top;
      if (below > pane.clientHeight / 3) pane.scrollTop += below - 84;
    }
    place?.classList.add("is-at-hand");
  }

  // Forms.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const path = new URL(button?.hasAttribute("formaction") ? button.formAction : form.action, location.href).pathname;
    const found = ACT.exec(path);
    if (form.dataset.draft && PHRASES.test(path)) {
      event.preventDefault();
      return keepPhrases(form, path);
    }
    if (!found || form.method !== "post" || form.dataset.look) return;
    const [, id, name] = found;
    if (name === "draft" && !button?.dataset.phrase) return;
    event.preventDefault();
    event.stopPropagation();
    const data = new FormData(form, button);
    const values = {};
    for (const key of new Set(data.keys())) values[key] = data.getAll(key).length > 1 ? data.getAll(key) : data.get(key);
    const what = name || data.get("act");
    const ids = id ? [id] : data.getAll("id");
    if (button?.dataset.phrase !== undefined) return insert(form, button.dataset.phrase);
    if (button?.hasAttribute("data-send")) goToSource(form);
    if (form.dataset.draft) forget(form);
    closeMenus(form);
    act(path, values, ids, what).then((done) => {
      if (done && ["label", "unlabel", "assign", "note", "ask"].includes(what) && id) widen(id);
    });
  }, true);
  // The saved phrases, after one was kept or deleted; the draft goes with it.
  function keepPhrases(form, path) {
    const place = "#phrases-" + form.dataset.draft;
    const values = Object.fromEntries(new FormData(form));
    htmx.ajax("POST", path, { target: place, swap: "outerHTML", values }).then(() => {
      const menu = document.querySelector(place);
      menu.open = true;
      menu.querySelector("summary").focus();
    }).catch(() => {});
  }
  function closeMenus(form) {
    for (const menu of form.querySelectorAll("details.menu[open]")) menu.open = false;
  }
  // The forms of a comment as they are now, its draft in them.
  function widen(id) {
    const acts = document.getElementById("acts-" + id);
    if (!acts?.classList.contains("is-full")) return;
    const isOpen = Boolean(document.getElementById("more-acts-" + id)?.open);
    const form = acts.contains(document.activeElement) && document.activeElement.closest("form")?.getAttribute("action");
    flush(acts).then(() => htmx.ajax("GET", marks().dataset.comments + id + "/acts", { target: "#acts-" + id, swap: "outerHTML" })).then(() => {
      const more = document.getElementById("more-acts-" + id);
      if (more) more.open = isOpen;
      const again = form && [...document.querySelectorAll(`#acts-${id} form`)].find((each) => each.getAttribute("action") === form);
      if (again && document.activeElement === document.body) (again.querySelector(".field") || again.querySelector("button"))?.focus({ preventScroll: true });
    }).catch(() => {});
  }

  // Filters are in use as soon as they are chosen.
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-filters]");
    if (form) form.requestSubmit();
  });
  // What nobody chose is left out of the address.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("form[data-filters]")) return;
    for (const field of event.target.elements) if (!field.value) field.disabled = true;
  });

  // The answer: copied, and the source opened in a tab of its own.
  function copy(field) {
    const words = field.value;
    const bySelection = () => {
      field.select();
      document.execCommand("copy");
    };
    if (navigator.clipboard) navigator.clipboard.writeText(words).catch(bySelection);
    else bySelection();
  }
  function goToSource(form) {
    const field = form.elements.draft;
    if (field.value.trim()) copy(field);
    veille.say(marks().dataset.copied);
    if (form.dataset.place) window.open(form.dataset.place, "_blank", "noopener");
  }
  function insert(form, words) {
    const field = form.elements.draft;
    const [start, end] = [field.selectionStart, field.selectionEnd];
    const before = field.value.slice(0, start);
    const space = before && !/\s$/.test(before) ? " " : "";
    field.setRangeText(space + words, start, end, "end");
    closeMenus(form);
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A draft is sent half a second after the last letter; before its field goes, at once.
  const dirty = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (event.target.name === "draft" && form?.dataset.draft) dirty.add(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (veille.succeeded(event)) dirty.delete(event.detail.elt);
  });
  const forget = (form) => dirty.delete(form);
  function flush(place) {
    const sent = [];
    for (const form of [...dirty]) {
      if (!place.contains(form)) continue;
      dirty.delete(form);
      sent.push(fetch(form.action, { method: "POST", keepalive: true, headers: { "HX-Request": "true" }, body: new URLSearchParams(new FormData(form)) }));
    }
    return Promise.allSettled(sent);
  }
  document.addEventListener("htmx:beforeSwap", (event) => { flush(event.detail.target); });
  window.addEventListener("pagehide", () => { flush(document); });

  // Keys: on the comment one is at, else on the one that is open, else on the first that waits.
  function atHand() {
    const focused = document.activeElement?.closest(".comment, [data-comment]");
    const id = focused?.dataset.comment || focused?.id.slice("comment-".length);
    if (id && (document.getElementById("bar-" + id) || lineOf(id))) return id;
    const line = document.querySelector(".row.is-selected[data-comment]");
    if (line) return line.dataset.comment;
    if (opened()) return opened().dataset.comment || null;
    if (document.querySelector(".row.is-selected")) return null;
    const waiting = document.querySelector(".thread .comment.is-waiting > .acts");
    return waiting?.checkVisibility() ? waiting.dataset.comment : null;
  }
  let wanted = null; // the comment whose answer is to be written as soon as its field is there
  function write(acts) {
    wanted = null;
    const composer = acts.querySelector(".composer");
    if (!composer) return;
    composer.open = true;
    composer.querySelector("textarea").focus();
    composer.scrollIntoView({ block: "nearest" });
  }
  veille.can("answer", () => {
    const id = atHand();
    if (!id) return false;
    const acts = document.getElementById("acts-" + id);
    if (acts?.classList.contains("is-full")) write(acts);
    else if (acts) document.getElementById("answer-" + id)?.click();
    else if (lineOf(id)) {
      wanted = id;
      linkOf(lineOf(id)).click();
    } else return false;
    return true;
  });
  const ticked = (name) => document.querySelector("#inbox-list:has(.row-check :checked)")?.querySelector(`.bulk [name=act][value=${name}]`);
  const does = (name) => () => {
    const several = ticked(name);
    if (several) {
      several.click();
      return true;
    }
    const id = atHand();
    if (!id) return false;
    const button = document.getElementById(`${name}-${id}`);
    const state = lineOf(id)?.dataset.state;
    if (!button && state !== "waiting") return false;
    act(marks().dataset.comments + id + "/" + name, {}, [id], name);
    return true;
  };
  veille.can("file-away", does("file"));
  veille.can("put-off", does("snooze"));
  veille.can("keep", () => {
    const id = atHand();
    const button = id && document.getElementById("keep-" + id);
    if (!button) return false;
    button.click();
    return true;
  });
  veille.can("original", () => {
    const link = inbox() && document.querySelector("#inbox-open [data-original]");
    link?.click();
    return Boolean(link);
  });

  // The button "Answer" opens the field under the comment.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-answer]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const acts = link.closest(".acts");
    wanted = acts.dataset.comment;
    if (!acts.classList.contains("is-full")) return; // htmx brings it
    event.preventDefault();
    event.stopPropagation();
    write(acts);
  }, true);

  function arrive() {
    if (!inbox()) return;
    mark();
    bringIntoSight();
    const line = lineOf(opened()?.dataset.comment);
    if (line && list().checkVisibility()) linkOf(line).focus({ preventScroll: true });
  }
  arrive();
  document.addEventListener("htmx:historyRestore", arrive);
})();
