/* The inbox by keyboard, its preview, and undoing within ten seconds. Everything here is also a link or a form. */
(() => {
  "use strict";
  const REST = 120;
  const list = document.querySelector(".list");
  if (!list) return;
  const peek = document.querySelector(".peek");
  document.documentElement.classList.add("script");
  let timer, request;

  const rows = () => [...list.querySelectorAll(".rows > li[data-task]")].filter((row) => row.offsetParent !== null);
  const current = () => list.querySelector(".rows > li[aria-current]");
  const box = (row) => row && row.querySelector("input[type=checkbox]");

  function stand(row, focus = true) {
    if (!row) return;
    current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    if (focus) { row.querySelector("a").focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
    preview(row);
  }

  function step(by, extend) {
    const all = rows(), at = all.indexOf(current());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (extend) for (const row of [current(), next]) if (box(row)) choose(row, true);
    stand(next);
  }

  function choose(row, on) {
    const tick = box(row);
    if (!tick) return;
    tick.checked = on === undefined ? !tick.checked : on;
    tick.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Loaded after a moment of rest, so that moving through the list asks for one preview, not for twenty. */
  function preview(row) {
    if (!peek || !row.dataset.peek || getComputedStyle(peek).display === "none") return;
    clearTimeout(timer);
    request?.abort();
    timer = setTimeout(async () => {
      request = new AbortController();
      try {
        const answer = await fetch(row.dataset.peek, { signal: request.signal, headers: { "X-Part": "preview" } });
        if (answer.ok && row === current()) peek.innerHTML = await answer.text();
      } catch (fault) { if (fault.name !== "AbortError") throw fault; }
    }, REST);
  }

  function counted() {
    const chosen = list.querySelectorAll(".rows :checked").length;
    const words = list.querySelector(".bulk b");
    if (words) words.textContent = words.dataset.words.replace("0", chosen);
  }

  /* The bulk form also serves one row: what is chosen, else where one stands. */
  function act(name) {
    const form = document.querySelector("#bulk-form");
    const button = form && form.querySelector(`button[value="${name}"]`);
    if (!button) return;
    if (!list.querySelector(".rows :checked") && current()) choose(current(), true);
    if (list.querySelector(".rows :checked")) form.requestSubmit(button);
  }

  function open(row, part = "") {
    const link = row && row.querySelector("a");
    if (link) window.location.assign(link.href + part);
  }

  function ask(selector) {
    if (!list.querySelector(".rows :checked") && current()) choose(current(), true);
    document.querySelector(selector)?.focus();
  }

  const KEYS = {
    j: (e) => step(1, e.shiftKey), ArrowDown: (e) => step(1, e.shiftKey),
    k: (e) => step(-1, e.shiftKey), ArrowUp: (e) => step(-1, e.shiftKey),
    x: () => choose(current()), c: () => act("claim"), e: () => open(current(), "#form"), Enter: () => open(current()),
    z: () => ask("#bulk-until"), n: () => document.querySelector("#next-task")?.click(),
    "?": () => document.querySelector("#keys")?.showModal(),
    u: () => document.querySelector(".toast form")?.requestSubmit(),
    Escape: () => { for (const row of rows()) if (box(row)?.checked) choose(row, false); },
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea, dialog, [popover]");
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing) { if (event.key === "Escape") event.target.blur(); return; }
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!KEYS[name] || event.defaultPrevented) return;
    event.preventDefault();
    KEYS[name](event);
  });

  list.addEventListener("change", (event) => { if (event.target.matches(".rows input[type=checkbox]")) counted(); });
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest(".rows > li[data-task]");
    if (row && row !== current()) stand(row, false);
  });
  list.addEventListener("pointerover", (event) => {
    const row = event.target.closest(".rows > li[data-task]");
    if (row && row !== current() && event.pointerType === "mouse") { clearTimeout(timer); timer = setTimeout(() => stand(row, false), REST); }
  });
  for (const field of list.querySelectorAll(".bar select")) field.addEventListener("change", () => field.form.requestSubmit());

  /* The toast stays while one is at it, and says how long it will. */
  const toast = document.querySelector(".toast");
  if (toast) {
    let left = 10, held = false;
    for (const [name, value] of [["pointerenter", true], ["focusin", true], ["pointerleave", false], ["focusout", false]]) {
      toast.addEventListener(name, () => { held = value; });
    }
    const tick = setInterval(() => {
      if (held) return;
      left -= 1;
      const words = toast.querySelector(".count");
      if (words) words.textContent = words.dataset.words.replace("0", left);
      if (left <= 0) { clearInterval(tick); toast.remove(); }
    }, 1000);
  }
  counted();
})();
