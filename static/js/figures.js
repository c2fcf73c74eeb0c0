/* Figures: the control for numbers of people. Promises: an unanswered figure is neither 0 nor
   不详; one key makes it 不详; what is typed stays as it is: a full-width or Chinese number is
   written in digits when its box is left, what is no whole number is named and never made into
   one. Must not know: which figures there are (words.js), the form around it. */

import { button, el } from "./dom.js";
import { field, fresh } from "./fields.js";
import { readWhole } from "./numbers.js";
import { FIGURES, listed, say, UNKNOWN } from "./words.js";

const MOST = 20_000_000; // people; the API takes no more
const SAID_UNKNOWN = new Set(["不详", "不明", UNKNOWN]);

/** Figures of people: a number, 不详, or not yet answered. */
export function figuresField({ onChange }) {
  const boxes = Object.entries(FIGURES).map(([name, label]) =>
    figureBox(name, label, { onChange: changed, onLeave: check }),
  );
  const rest = button(
    gettext("The rest unknown"),
    () => {
      for (const box of boxes) if (box.isEmpty()) box.write(null);
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
  const unreadable = () => boxes.filter((box) => box.isUnreadable());
  const problem = () =>
    unreadable().length
      ? say(gettext("%(names)s: type a whole number from 0 to 20,000,000, or unknown."), {
          names: listed(unreadable().map((box) => FIGURES[box.name])),
        })
      : "";

  function complain(message) {
    base.complain(message);
    for (const box of boxes) box.mark(box.isUnreadable());
  }
  function check() {
    complain(problem());
  }
  /** While a figure is being typed a complaint only goes; it comes when the box is left. */
  function changed() {
    if (!problem()) complain("");
    onChange("casualties");
  }
  function add(values) {
    for (const box of boxes) if (box.name in values) box.write(values[box.name]);
    check();
  }

  return {
    ...base,
    complain,
    problem,
    raw: () => Object.fromEntries(unreadable().map((box) => [box.name, box.raw()])),
    writeRaw: (texts) => {
      for (const box of boxes) if (box.name in texts) box.writeRaw(texts[box.name]);
      check();
    },
    read: () => Object.fromEntries(boxes.map((box) => [box.name, box.read() ?? null])),
    /** Figures that were answered; the others are left out. */
    answered: () =>
      Object.fromEntries(boxes.filter((box) => box.filled()).map((box) => [box.name, box.read()])),
    write: (values) => {
      for (const box of boxes) box.write(values?.[box.name]);
      check();
    },
    add,
    filled: () => boxes.every((box) => box.filled()),
    focus: () => (unreadable()[0] ?? boxes[0]).focus(),
  };
}

function figureBox(name, label, { onChange, onLeave }) {
  const id = fresh(name);
  const input = el("input", {
    id,
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: 40,
    on: {
      keydown: (event) => {
        if (event.isComposing || event.ctrlKey) return;
        if (!["x", "X", "?", "？", " ", "　"].includes(event.key)) return;
        event.preventDefault();
        write(isUnknown() ? undefined : null);
        onChange();
      },
      input: () => {
        look();
        onChange();
      },
      blur: () => {
        write(isUnreadable() ? input.value : read());
        onLeave();
      },
      focus: () => input.select(),
    },
  });
  const element = el("div", { class: "figure" }, el("label", { for: id, text: label }), input);

  const text = () => input.value.trim();
  const isUnknown = () => SAID_UNKNOWN.has(text());
  const isUnreadable = () => {
    if (!text() || isUnknown()) return false;
    const number = readWhole(text());
    return number === null || number > MOST;
  };
  const look = () => element.classList.toggle("is-unknown", isUnknown());

  /** A number, null for 不详, undefined for not answered; a text as it is. */
  function write(value) {
    input.value = value === null ? UNKNOWN : value === undefined ? "" : String(value);
    look();
  }
  const read = () =>
    isUnknown() ? null : !text() || isUnreadable() ? undefined : readWhole(text());
  return {
    name,
    element,
    read,
    write,
    isUnreadable,
    isEmpty: () => !text(),
    raw: () => input.value,
    writeRaw: write,
    mark: (wrong) => input.setAttribute("aria-invalid", String(wrong)),
    filled: () => read() !== undefined,
    focus: () => input.focus(),
  };
}
