/* Help: all keys and what symbols mean, as an overlay. Promises: lists exactly the keys that
   keys.js obeys. Must not know: what a key does. */

import { button, el } from "./dom.js";
import { GRADES, gradeName } from "./words.js";

/** Keys in the order of use; keys.js takes its table from here. */
export const KEYS = [
  ["/", gettext("Search places, incidents, coordinates")],
  ["n", gettext("New incident")],
  ["j", gettext("Next incident of the list"), "J ↓"],
  ["k", gettext("Previous incident of the list"), "K ↑"],
  ["Enter", gettext("Open the chosen incident")],
  ["Escape", gettext("Close what is open"), "Esc"],
  ["e", gettext("Write an entry")],
  ["s", gettext("Share the open incident with a node")],
  ["l", gettext("Layers")],
  ["f", gettext("Fit the map to the listed incidents")],
  ["1", gettext("Filter by grade: 1 to 4, 0 not graded"), "1 – 4, 0"],
  ["?", gettext("This help")],
];
const IN_FIELDS = [
  ["Ctrl+Enter", gettext("Save, write down")],
  ["Tab", gettext("In the narrative: take what is proposed")],
  ["x", gettext("In a figure or time: unknown"), "x, Space"],
  ["Alt+1 – 4", gettext("In a new incident: the grade")],
];

let dialog = null;

export function showHelp() {
  dialog?.remove();
  const row = ([key, text, shown]) =>
    el(
      "li",
      {},
      el("kbd", { text: shown ?? (key.length === 1 ? key.toUpperCase() : key) }),
      el("span", { text }),
    );
  const rings = [
    ["open", gettext("dashed ring: received, not verified")],
    ["plain", gettext("plain ring: verified or first report made")],
    ["double", gettext("double ring: being handled")],
    ["closed", gettext("hollow: closed")],
    ["foreign", gettext("corners: another node is in charge")],
  ];
  dialog = el(
    "dialog",
    { class: "help", "aria-label": gettext("Keys and symbols") },
    el(
      "div",
      { class: "column-head" },
      el("h2", { text: gettext("Keys and symbols") }),
      el("span", { class: "grow" }),
      button("×", () => dialog.close(), {
        class: "bare",
        "aria-label": gettext("Close"),
        title: gettext("Close"),
        key: "Esc",
      }),
    ),
    el(
      "div",
      { class: "help-body" },
      el(
        "section",
        {},
        el("h3", { text: gettext("Anywhere but in a field") }),
        el("ul", { class: "keys" }, KEYS.map(row)),
        el("h3", { text: gettext("In a field") }),
        el("ul", { class: "keys" }, IN_FIELDS.map(row)),
      ),
      el(
        "section",
        {},
        el("h3", { text: gettext("Grade is the fill") }),
        el(
          "ul",
          { class: "keys" },
          [1, 2, 3, 4, 0].map((grade) =>
            el(
              "li",
              {},
              el("span", { class: `badge grade-${grade}`, text: GRADES[grade] || "—" }),
              el("span", { text: gradeName(grade || null) }),
            ),
          ),
        ),
        el("h3", { text: gettext("State is the ring") }),
        el(
          "ul",
          { class: "keys" },
          rings.map(([name, text]) =>
            el(
              "li",
              {},
              el("span", { class: `ring-sample ${name}`, "aria-hidden": "true" }),
              el("span", { text }),
            ),
          ),
        ),
        el("p", {
          class: "meta",
          text: gettext(
            "Events stand in round frames, everything else in square ones. A cluster shows the worst grade in it and the count.",
          ),
        }),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    dialog = null;
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.showModal();
}

export const helpIsOpen = () => Boolean(dialog?.open);
