/* Figures: the control for numbers of people. Promises: an unanswered figure is neither 0 nor
   不详; one key makes it 不详. Must not know: which figures there are (words.js), the form around
   it. */

import { button, el } from "./dom.js";
import { field, fresh } from "./fields.js";
import { FIGURES, UNKNOWN } from "./words.js";

/** Figures of people: a number, 不详, or not yet answered. */
export function figuresField({ onChange }) {
  const boxes = Object.entries(FIGURES).map(([name, label]) => figureBox(name, label, onChange));
  const rest = button(
    gettext("The rest unknown"),
    () => {
      for (const box of boxes) if (!box.filled()) box.write(null);
      onChange("casualties");
    },
    { class: "text rest" },
  );
  const head = el("span", { class: "meta" }, gettext("Space or x = unknown"), " · ", rest);
  const base = field(
    "casualties",
    el(
      "div",
      {},
      el(
        "div",
        { class: "figures" },
        boxes.map((box) => box.element),
      ),
      head,
    ),
    { wide: true },
  );
  return {
    ...base,
    read: () => Object.fromEntries(boxes.map((box) => [box.name, box.read() ?? null])),
    /** Figures that were answered; the others are left out. */
    answered: () =>
      Object.fromEntries(boxes.filter((box) => box.filled()).map((box) => [box.name, box.read()])),
    write: (values) => {
      for (const box of boxes) box.write(values?.[box.name]);
    },
    add: (values) => {
      for (const box of boxes) if (box.name in values) box.write(values[box.name]);
    },
    filled: () => boxes.every((box) => box.filled()),
    problem: () =>
      boxes.find((box) => box.read() === undefined && box.element.querySelector("input").value),
  };
}

function figureBox(name, label, onChange) {
  const id = fresh(name);
  let unknown = false;
  const input = el("input", {
    id,
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: 8,
    on: {
      keydown: (event) => {
        if (!["x", "X", "?", "？", " ", "　"].includes(event.key) || event.ctrlKey) return;
        event.preventDefault();
        write(unknown ? undefined : null);
        onChange("casualties");
      },
      input: () => {
        const digits = input.value.normalize("NFKC").replace(/\D/g, "");
        unknown = false;
        write(digits === "" ? undefined : Number(digits));
        onChange("casualties");
      },
      focus: () => input.select(),
    },
  });
  const element = el("div", { class: "figure" }, el("label", { for: id, text: label }), input);

  function write(value) {
    unknown = value === null;
    input.value = value === null ? UNKNOWN : value === undefined ? "" : String(value);
    element.classList.toggle("is-unknown", unknown);
  }
  const read = () => (unknown ? null : input.value === "" ? undefined : Number(input.value));
  return { name, element, read, write, filled: () => read() !== undefined };
}
