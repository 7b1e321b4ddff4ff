/* Live diagrams: each `.diagram-live` becomes a bpmn-js viewer in the page's own colours, with tokens and the path taken.
   Without script the steps as text, and the short strip drawn by the server, stand in its place. */
(() => {
  "use strict";
  const english = document.documentElement.lang.startsWith("en");
  const CAMUNDA = "http://camunda.org/schema/1.0/bpmn", DI = "http://www.omg.org/spec/BPMN/20100524/DI";
  const LABEL_WIDTH = 84, READABLE = 0.5;

  /* Every element carries its English name as a property; the viewer draws `name`. */
  function inLanguage(xml) {
    if (!english) return xml;
    const doc = new DOMParser().parseFromString(xml, "application/xml");
    for (const property of doc.getElementsByTagNameNS(CAMUNDA, "property")) {
      const owner = property.parentNode.parentNode.parentNode;
      if (property.getAttribute("name") === "name_en" && owner) owner.setAttribute("name", property.getAttribute("value"));
    }
    for (const pool of doc.getElementsByTagNameNS("*", "participant")) {
      const process = [...doc.getElementsByTagNameNS("*", "process")].find((one) => one.id === pool.getAttribute("processRef"));
      if (process) pool.setAttribute("name", process.getAttribute("name"));
    }
    for (const label of doc.getElementsByTagNameNS(DI, "BPMNLabel")) widen(label.firstElementChild);
    return new XMLSerializer().serializeToString(doc);
  }

  /* Labels were placed for two or three Chinese characters; English needs room, on both sides alike. */
  function widen(bounds) {
    if (!bounds) return;
    const width = Number(bounds.getAttribute("width")), x = Number(bounds.getAttribute("x"));
    if (width >= LABEL_WIDTH) return;
    bounds.setAttribute("x", x - (LABEL_WIDTH - width) / 2);
    bounds.setAttribute("width", LABEL_WIDTH);
  }

  /* What stands inside a collapsed sub-process is marked on the box that stands for it. */
  function shown(viewer, id) {
    const canvas = viewer.get("canvas"), registry = viewer.get("elementRegistry");
    const element = registry.get(id);
    if (!element) return null;
    const root = canvas.findRoot(element);
    if (!root || root === canvas.getRootElement()) return element;
    return shown(viewer, root.id.replace(/_plane$/, ""));
  }

  function paint(viewer, state) {
    const canvas = viewer.get("canvas"), overlays = viewer.get("overlays"), registry = viewer.get("elementRegistry");
    for (const id of state.was || []) if (registry.get(id)) canvas.addMarker(id, "was");
    const boxes = new Map();
    for (const [id, words] of Object.entries(state.here || {})) {
      if (!registry.get(id)) continue;
      token(viewer, id, words.count, words.title);
      const box = shown(viewer, id);
      if (box && box.id !== id) boxes.set(box.id, (boxes.get(box.id) || 0) + words.count);
    }
    for (const [id, count] of boxes) token(viewer, id, count, "");
    for (const id of state.stuck || []) if (registry.get(id)) canvas.addMarker(id, "stuck");
    for (const [id, count] of Object.entries(state.counts || {})) {
      if (!registry.get(id) || (state.here || {})[id]) continue;
      const mark = document.createElement("span");
      mark.className = "token quiet-token";
      mark.textContent = count;
      overlays.add(id, { position: { bottom: 11, right: 13 }, html: mark });
    }
    connect(registry, canvas, new Set([...(state.was || []), ...Object.keys(state.here || {})]));
  }

  function token(viewer, id, count, title) {
    viewer.get("canvas").addMarker(id, "here");
    const mark = document.createElement("span");
    mark.className = "token";
    mark.textContent = count;
    mark.title = title || "";
    viewer.get("overlays").add(id, { position: { top: -11, right: 13 }, html: mark });
  }

  /* A flow was taken when both its ends were reached. */
  function connect(registry, canvas, reached) {
    registry.forEach((element) => {
      const taken = element.waypoints && element.source && element.target
        && reached.has(element.source.id) && reached.has(element.target.id) && element.type === "bpmn:SequenceFlow";
      if (taken) canvas.addMarker(element.id, "was");
    });
  }

  async function show(box) {
    const answer = await fetch(box.dataset.bpmn, { headers: { Accept: "application/xml" } });
    if (!answer.ok) throw new Error("diagram");
    const place = box.querySelector(".diagram-canvas");
    place.replaceChildren();
    box.classList.add("drawn");
    const viewer = new BpmnJS({
      container: place,
      bpmnRenderer: { defaultFillColor: "var(--bg)", defaultStrokeColor: "var(--edge)", defaultLabelColor: "var(--ink)" },
      textRenderer: { defaultStyle: { fontFamily: "var(--font)", fontSize: "12px" }, externalStyle: { fontSize: "11px" } },
    });
    await viewer.importXML(inLanguage(await answer.text()));
    const state = JSON.parse(box.querySelector("script[type='application/json']").textContent);
    paint(viewer, state);
    const order = [...(state.first || []), ...Object.keys(state.here || {})];
    fit(viewer, box, order);
    wire(viewer, box, order);
  }

  /* On a wide page the whole; where that would be too small to read, the part where it stands. */
  function fit(viewer, box, here) {
    const canvas = viewer.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    const at = here.map((id) => shown(viewer, id)).find(Boolean);
    if (!at || box.dataset.focus !== "here" && canvas.zoom() > READABLE) return;
    const viewbox = canvas.viewbox();
    const scale = Math.min(0.9, box.clientWidth / 620);
    const width = box.clientWidth / scale, height = viewbox.outer.height / scale;
    canvas.viewbox({ x: at.x + at.width / 2 - width / 2, y: at.y + at.height / 2 - height / 2, width, height });
  }

  function wire(viewer, box, here) {
    const canvas = viewer.get("canvas");
    box.addEventListener("click", (event) => {
      const act = event.target.closest("[data-zoom]");
      if (!act) return;
      if (act.dataset.zoom === "whole") canvas.zoom("fit-viewport", "auto");
      else if (act.dataset.zoom === "here") { box.dataset.focus = "here"; fit(viewer, box, here); }
      else canvas.zoom(canvas.zoom() * (act.dataset.zoom === "in" ? 1.25 : 0.8), "auto");
    });
    new ResizeObserver(() => canvas.resized()).observe(box);
  }

  function begin() {
    for (const box of document.querySelectorAll(".diagram-live:not([data-begun])")) {
      box.dataset.begun = "yes";
      show(box).catch(() => { box.classList.remove("drawn"); box.classList.add("not-drawn"); });
    }
  }

  document.addEventListener("DOMContentLoaded", begin);
  if (document.readyState !== "loading") begin();
})();
