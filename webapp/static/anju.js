// What every page shares: dialogs, menus, toasts, the way to the first problem, and the keys that go somewhere.
"use strict";

// ── toasts: ten seconds, the clock stands still under pointer and focus
const TOAST_MS = 10000;

function armToast(toast) {
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), TOAST_MS); };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("mouseenter", stop);
  toast.addEventListener("mouseleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  start();
}

// anju.toast("Released", { label: "Undo", key: "u", act: () => … })
function toast(words, undo) {
  const box = document.createElement("div");
  box.className = "toast";
  const text = document.createElement("span");
  text.textContent = words;
  box.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = undo.label;
    button.addEventListener("click", () => { box.remove(); undo.act(); });
    box.append(button);
  }
  document.getElementById("toasts").append(box);
  armToast(box);
  return box;
}

// ── menus: native popovers; here only their place where CSS anchors are missing, and the arrow keys
function placeMenu(event) {
  const menu = event.target;
  if (event.newState !== "open" || CSS.supports("position-area", "bottom")) return;
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (!button) return;
  const at = button.getBoundingClientRect();
  menu.style.margin = "0";
  menu.style.inset = "auto";
  menu.style.top = `${Math.min(at.bottom + 4, innerHeight - menu.offsetHeight - 8)}px`;
  menu.style.left = `${Math.max(8, Math.min(at.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8))}px`;
}

function moveInMenu(event) {
  const menu = event.target.closest(".menu");
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const entries = [...menu.querySelectorAll("a, button")];
  const at = entries.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  entries.at(to % entries.length)?.focus();
  event.preventDefault();
}

// ── dialogs: each is a page of its own; a link with data-dialog opens the same page's <main> in front
async function openDialog(link) {
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) { location.assign(link.href); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  dialog.setAttribute("aria-label", page.querySelector("h1")?.textContent ?? "");
  dialog.append(...page.querySelector("main").childNodes);
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) { event.preventDefault(); dialog.close(); }
  });
  document.body.append(dialog);
  window.htmx?.process(dialog);
  dialog.showModal();
}

function arrive(root) {
  root.querySelectorAll?.("[data-toast]").forEach(armToast);
  root.querySelector?.("[data-focus]")?.focus();
  root.querySelectorAll?.("[data-js]").forEach((part) => { part.hidden = false; });
}

// ── keys: g i, g c, g r, g p go to the places of the bar, / to search
function typing(target) {
  return target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

const PLACES = { i: "/inbox", c: "/cases", r: "/registers", p: "/processes" };
let waitingForPlace = 0;

function onKey(event) {
  moveInMenu(event);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "g") { waitingForPlace = event.timeStamp; return; }
  if (PLACES[event.key] && waitingForPlace && event.timeStamp - waitingForPlace < 1200) {
    const link = document.querySelector(`.nav a[href="${PLACES[event.key]}"]`);
    if (link) { event.preventDefault(); event.stopImmediatePropagation(); link.click(); }
  } else if (event.key === "/") {
    const field = document.querySelector("main input[type=search]");
    const page = document.querySelector('.tools a[href="/search"]');
    if (field || page) event.preventDefault();
    if (field) field.focus();
    else page?.click();
  }
  waitingForPlace = 0;
}

document.addEventListener("toggle", placeMenu, true);
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openDialog(link);
});
document.addEventListener("DOMContentLoaded", () => arrive(document));
document.addEventListener("htmx:after:swap", (event) => arrive(event.detail?.target ?? event.target));
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button || event.target.method !== "post") return;
  if (button.getAttribute("aria-disabled") === "true") { event.preventDefault(); return; }
  button.setAttribute("aria-disabled", "true");
  addEventListener("pageshow", () => button.removeAttribute("aria-disabled"), { once: true });
});

window.anju = { toast, arrive };
