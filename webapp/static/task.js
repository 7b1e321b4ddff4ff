/* A form that loses nothing: saved while one types, files sent as they are chosen, fields shown as the answers ask for.
   Serves the task page, the start of a process and a case's message forms (`form[data-autosave]`). */
(() => {
  "use strict";
  const PAUSE = 800;
  document.documentElement.classList.add("script");
  const form = document.querySelector("form[data-autosave]");
  const token = () => document.querySelector("meta[name=csrf-token]")?.content || form?.elements.csrf_token?.value || "";

  if (form) { autosave(form); pickers(form); }
  for (const one of document.querySelectorAll("form[data-upload]")) uploads(one);
  pictures();
  keys();

  function autosave(form) {
    const words = form.querySelector("[data-saved]"), key = `anju:${form.dataset.autosave}`;
    let timer, sending = false, again = false, changed = false;
    restore(form, key);

    const later = () => { changed = true; clearTimeout(timer); timer = setTimeout(save, PAUSE); };
    form.addEventListener("input", later);
    form.addEventListener("change", (event) => { if (event.target.type !== "file") later(); });
    form.addEventListener("focusout", () => { if (changed) { clearTimeout(timer); save(); } });
    form.addEventListener("saved-elsewhere", () => { clearTimeout(timer); save(); });
    form.addEventListener("submit", () => { changed = false; clearTimeout(timer); });
    window.addEventListener("online", () => { if (localStorage.getItem(key)) save(); });

    async function save() {
      if (sending) { again = true; return; }
      sending = true; changed = false;
      say(words, words.dataset.saving);
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: entries(form), headers: { "X-CSRFToken": token(), Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json();
        localStorage.removeItem(key);
        say(words, told.words, "ok");
        stand(form, told.standing || {});
      } catch {
        keep(form, key);
        say(words, words.dataset.kept, "warn");
      }
      sending = false;
      if (again) { again = false; save(); }
    }
  }

  function entries(form) {
    const data = new FormData(form);
    for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
    data.delete("_act");
    return data;
  }

  function say(words, text, kind = "") {
    if (!words || !text) return;
    words.querySelector("span").textContent = text;
    words.dataset.kind = kind;
  }

  /* Kept on this device while the network is away; put back when the page opens again. */
  function keep(form, key) {
    try {
      const pairs = [...entries(form).entries()].filter(([name]) => !name.startsWith("_") && name !== "csrf_token");
      localStorage.setItem(key, JSON.stringify(pairs));
    } catch { /* a full or forbidden store: the words already say that nothing was saved */ }
  }

  function restore(form, key) {
    const kept = localStorage.getItem(key);
    if (!kept) return;
    const byName = new Map();
    for (const [name, value] of JSON.parse(kept)) byName.set(name, [...(byName.get(name) || []), value]);
    for (const field of form.elements) {
      if (!byName.has(field.name)) continue;
      const values = byName.get(field.name);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.type !== "file" && field.type !== "hidden") field.value = values[0];
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* What the answers so far show, hide, require and compute, as the server sees it. */
  function stand(form, { visible = {}, required = {}, computed = {} }) {
    for (const field of form.querySelectorAll("[data-field]")) {
      const name = field.dataset.field, optional = field.querySelector("[data-optional]"), output = field.querySelector("[data-computed]");
      if (name in visible) field.hidden = !visible[name];
      if (optional && name in required) optional.hidden = required[name];
      if (output && name in computed) output.textContent = computed[name] || "—";
    }
  }

  /* Files go as soon as they are chosen; the field then holds their ids. */
  function uploads(form) {
    form.addEventListener("change", async (event) => {
      const input = event.target;
      if (input.type !== "file" || !input.dataset.into) return;
      const files = [...input.files], place = input.closest("[data-field]"), words = place.querySelector("[data-upload-words]");
      for (const file of files) {
        words.textContent = words.dataset.sending.replace("0", file.name);
        const body = new FormData();
        body.append("file", file);
        try {
          const answer = await fetch("/attachments", { method: "POST", body, headers: { "X-CSRFToken": token(), Accept: "text/html" } });
          const told = await answer.text();
          if (!answer.ok) { words.textContent = told; continue; }
          place.querySelector("[data-files]").insertAdjacentHTML("beforeend", told.replaceAll("NAME", input.dataset.into));
          words.textContent = words.dataset.sent.replace("0", file.name);
        } catch { words.textContent = words.dataset.failed; }
      }
      input.value = "";
      form.dispatchEvent(new CustomEvent("saved-elsewhere"));
    });
    form.addEventListener("click", (event) => {
      const remove = event.target.closest("[data-remove-file]"), add = event.target.closest("[data-add-row]");
      if (remove) { event.preventDefault(); remove.closest("li").remove(); form.dispatchEvent(new CustomEvent("saved-elsewhere")); }
      if (add) { event.preventDefault(); addRow(add); }
    });
  }

  function addRow(button) {
    const table = button.closest("[data-field]").querySelector("tbody"), last = table.lastElementChild;
    const row = last.cloneNode(true), number = table.children.length;
    for (const field of row.querySelectorAll("[name]")) {
      field.name = field.name.replace(/\.\d+\./, `.${number}.`);
      if (field.id) field.id = field.id.replace(/-\d+-/, `-${number}-`);
      if (field.type === "checkbox") field.checked = false; else field.value = "";
      if (field.hasAttribute("aria-label")) field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, number + 1));
    }
    table.append(row);
    row.querySelector("[name]").focus();
  }

  /* What may be picked follows the answer above it: buildings of the project, dwellings of the building. */
  function pickers(form) {
    if (!form.dataset.options) return;
    form.addEventListener("change", async (event) => {
      for (const select of form.querySelectorAll("select[data-within]")) {
        if (select.dataset.within === event.target.name) await refill(form, select);
      }
    });
  }

  async function refill(form, select) {
    const above = form.elements[select.dataset.within];
    const query = new URLSearchParams({ [select.dataset.within]: above.value });
    const answer = await fetch(`${form.dataset.options.replace("FIELD", encodeURIComponent(select.name))}?${query}`);
    if (!answer.ok) return;
    const { options } = await answer.json(), first = select.options[0];
    select.replaceChildren(first, ...options.map((one) => new Option(one.label, one.value)));
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* A photograph enlarged; arrow keys page through those of the page. */
  function pictures() {
    const links = [...document.querySelectorAll("a[data-picture]")];
    if (!links.length) return;
    const dialog = document.createElement("dialog"), image = document.createElement("img"), close = document.createElement("button");
    dialog.className = "picture"; close.type = "button"; close.textContent = document.body.dataset.close || "×"; close.className = "quiet";
    dialog.append(image, close);
    document.body.append(dialog);
    let at = 0;
    const show = (n) => { at = (n + links.length) % links.length; image.src = links[at].href; image.alt = links[at].dataset.picture; };
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") show(at + 1);
      if (event.key === "ArrowLeft") show(at - 1);
    });
    links.forEach((link, n) => link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault(); show(n); dialog.showModal();
    }));
  }

  function keys() {
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, select, textarea, dialog, [popover], [contenteditable]");
      if (event.isComposing) return;
      if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && form) {
        const primary = form.querySelector("button.primary");
        if (primary) { event.preventDefault(); form.requestSubmit(primary); }
        return;
      }
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const target = { j: "#task-next", k: "#task-previous", c: "#task-claim" }[event.key];
      const found = target && document.querySelector(target);
      if (found) { event.preventDefault(); found.click(); }
      else if (event.key === "e" && form) { event.preventDefault(); form.requestSubmit(form.querySelector("button.primary") || undefined); }
    });
  }
})();
