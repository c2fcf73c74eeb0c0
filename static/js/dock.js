/* Dock: the bottom bar of a phone, and the heights of the panel there. Promises: one section
   at a time; the map is always behind; nothing here shows on a wide screen. Must not know: the
   sections' content. */

import { byId, el, fill } from "./dom.js";
import { userMenu } from "./user.js";

const HEIGHTS = ["peek", "half", "full"];
let sections = {};

/** `create` is null where the role may not report. */
export function startDock({ me, create }) {
  const mine = el("section", {
    class: "column mine",
    id: "mine",
    "aria-label": gettext("Mine"),
    hidden: true,
  });
  byId("list").before(mine);
  const item = (name, icon, label, onClick) => {
    sections[name] = el(
      "button",
      { type: "button", class: "bare dock-item", "aria-pressed": "false", on: { click: onClick } },
      el("span", { class: "dock-icon", "aria-hidden": "true", text: icon }),
      label,
    );
    return sections[name];
  };
  fill(
    byId("dock"),
    item("map", "◱", gettext("Map"), () => showSection("map")),
    item("list", "☰", gettext("Incidents"), () => showSection("list")),
    create && item("new", "＋", gettext("New"), create),
    item("feed", "⋯", gettext("Activity"), () => showSection("feed")),
    item("mine", "☺", gettext("Mine"), () => {
      fill(mine, userMenu(me));
      showSection("mine");
    }),
  );
  showSection("list");
  const grip = el(
    "button",
    {
      type: "button",
      class: "grip",
      "aria-label": gettext("Height of the panel"),
      on: { click: nextHeight },
    },
    el("span"),
  );
  byId("panel").before(grip);
  dragging(grip);
  setHeight("half");
}

function showSection(name) {
  document.body.dataset.section = name;
  byId("mine").hidden = name !== "mine";
  for (const [other, node] of Object.entries(sections))
    node.setAttribute("aria-pressed", String(other === name));
}

function setHeight(height) {
  document.body.dataset.height = height;
}

function nextHeight() {
  const at = HEIGHTS.indexOf(document.body.dataset.height);
  setHeight(HEIGHTS[(at + 1) % HEIGHTS.length]);
}

/** Drag the grip up or down by one height. */
function dragging(grip) {
  let from = null;
  grip.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener("pointerup", (event) => {
    const moved = from === null ? 0 : event.clientY - from;
    from = null;
    if (Math.abs(moved) < 24) return;
    const at = HEIGHTS.indexOf(document.body.dataset.height) + (moved < 0 ? 1 : -1);
    setHeight(HEIGHTS[Math.min(2, Math.max(0, at))]);
    grip.addEventListener("click", (click) => click.stopImmediatePropagation(), {
      once: true,
      capture: true,
    });
  });
}
