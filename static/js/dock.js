/* Dock: the bottom bar of a phone, and the heights of the panel there. Promises: one section
   at a time; the map is always behind; nothing here shows on a wide screen; what covers the
   sections is left before another one shows. Must not know: the sections' content. */

import { byId, el, fill } from "./dom.js";
import { userMenu } from "./user.js";
import { say } from "./words.js";

const HEIGHTS = ["peek", "half", "full"];
const waiting = el("span", { class: "dock-count", hidden: true });
let sections = {};

/** Whether this bar is shown, so that there is probably no keyboard. */
export const onPhone = () => getComputedStyle(byId("dock")).display !== "none";

/** `create` is null where the role may not report; `leave()` closes what covers a section. */
export function startDock({ me, create, leave }) {
  const show = (name) => {
    leave(name);
    if (name === "map" && document.body.dataset.height === "full") setHeight("half");
    showSection(name);
  };
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
    item("map", "◱", gettext("Map"), () => show("map")),
    item("list", "☰", gettext("Incidents"), () => show("list")),
    create && item("new", "＋", gettext("New"), create),
    item("feed", "⋯", gettext("Activity"), () => show("feed")),
    item("mine", "☺", gettext("Mine"), () => {
      fill(mine, userMenu(me));
      show("mine");
    }),
  );
  sections.feed.append(waiting);
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
  byId("panel").addEventListener("ask", ({ target }) => showWhole(target));
}

/** How many messages of the activity wait for this desk, told on its item. */
export function showWaiting(n) {
  waiting.hidden = n === 0;
  const told = say(ngettext("%(n)s waits", "%(n)s wait", n), { n });
  fill(waiting, el("span", { class: "only-spoken", text: told }), el("span", { "aria-hidden": "true", text: n }));
}

function showSection(name) {
  document.body.dataset.section = name;
  byId("mine").hidden = name !== "mine";
  press(name);
}

function press(name) {
  for (const [other, node] of Object.entries(sections))
    node.setAttribute("aria-pressed", String(other === name));
}

/** While the sheet of a new incident covers the section, its item is the pressed one. */
export const showSheetOpen = (open) => press(open ? "new" : document.body.dataset.section);

function setHeight(height) {
  document.body.dataset.height = height;
}

/** A question stands whole on the screen, its text and its answers. */
function showWhole(question) {
  setHeight("full");
  const show = () => question.scrollIntoView({ block: "nearest" });
  byId("panel").addEventListener("transitionend", show, { once: true });
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
