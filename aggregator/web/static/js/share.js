// The open article: sharing its address, its original, its comments. The links work without this.
(function () {
  "use strict";

  const panel = () => document.querySelector("#panel:not([hidden])");
  const menu = () => panel()?.querySelector("details.share");

  // The system's sheet is offered where there is one.
  function offer(share) {
    const system = share.querySelector("[data-system]");
    if (system) system.hidden = !navigator.share;
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.share") && event.target.open) offer(event.target);
  }, true);

  function say(share, words) {
    share.querySelector(".share-said").textContent = words;
  }

  // navigator.clipboard is missing where the dashboard is not reached by https or on this machine.
  async function copy(share) {
    const field = share.querySelector("input[readonly]");
    const { copied, notCopied } = share.querySelector(".share-said").dataset;
    say(share, "");
    try {
      if (!navigator.clipboard) throw new Error("no clipboard");
      await navigator.clipboard.writeText(share.dataset.url);
      say(share, copied);
    } catch {
      field.select();
      say(share, document.execCommand("copy") ? copied : notCopied);
    }
  }

  async function hand(share) {
    try {
      await navigator.share({ title: share.dataset.title, url: share.dataset.url });
    } catch {
      return; // given up by the person
    }
    share.open = false;
  }

  document.addEventListener("click", (event) => {
    const share = event.target.closest("details.share");
    if (share && event.target.closest("[data-copy]")) copy(share);
    if (share && event.target.closest("[data-system]")) hand(share);
  });

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("details.share input[readonly]")) event.target.select();
  });

  veille.can("share", () => {
    const share = menu();
    if (!share) return false;
    share.open = !share.open;
    (share.open ? share.querySelector("input") : share.querySelector("summary")).focus();
    return true;
  });

  const follow = (what) => () => {
    const link = panel()?.querySelector(what);
    if (!link) return false;
    link.click();
    return true;
  };
  veille.can("original", follow("[data-original]"));
  veille.can("comments", follow("[data-comments]"));
})();
