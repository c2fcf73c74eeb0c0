/* Fields: the controls that a report is written with. Each is {name, element, read, write,
   filled, focus, complain}; `filled` is true once it is answered, 不详 included. One whose text may
   be unreadable has {problem, raw, writeRaw} too (unread.js). Promises: a time is read in the
   node's zone; what cannot be read is said beside its field. Must not know: which fields a form
   has (sheet.js, edit.js). */

import { readTime, writeTime } from "./clock.js";
import { button, el } from "./dom.js";
import { FIELDS, GRADES, gradeName, PERSON, UNKNOWN } from "./words.js";

let count = 0;
/** An id for a control. */
export const fresh = (name) => `${name}-${(count += 1)}`;

/** A labelled control; complaints about it are shown under it. */
export function field(name, control, { label = FIELDS[name], wide = false, id } = {}) {
  const complaint = el("span", { class: "complaint", hidden: true });
  const element = el(
    "div",
    { class: `field ${wide ? "wide" : ""}`, data: { name } },
    el(id ? "label" : "span", { class: "field-label", for: id ?? null, text: label }),
    control,
    complaint,
  );
  return {
    name,
    element,
    complain(message) {
      complaint.textContent = message ?? "";
      complaint.hidden = !message;
      element
        .querySelector("input, textarea, select")
        ?.setAttribute("aria-invalid", String(Boolean(message)));
    },
    focus: () => element.querySelector("input, textarea, select, button")?.focus(),
  };
}

/** One line or several lines of text. */
export function textField(name, { rows = 0, max = 300, placeholder = "", onChange, ...more }) {
  const id = fresh(name);
  const input = el(rows ? "textarea" : "input", {
    id,
    maxlength: max,
    placeholder,
    rows: rows || null,
    autocomplete: "off",
    on: { input: () => onChange(name) },
  });
  return {
    ...field(name, input, { id, wide: rows > 0, ...more }),
    input,
    read: () => input.value.trim(),
    write: (value) => {
      input.value = value ?? "";
    },
    filled: () => input.value.trim() !== "",
  };
}

/** A time, typed as 17:20 or with a date; one that was written and not touched is read back to
 * the second. `unknowable` adds 不详. */
export function timeField(name, { onChange, unknowable = false }) {
  const id = fresh(name);
  let unknown = false;
  let written = { text: "", iso: null };
  const input = el("input", {
    id,
    placeholder: gettext("e.g. 17:20"),
    autocomplete: "off",
    maxlength: 24,
    class: "time",
    on: {
      input: () => {
        setUnknown(false);
        check();
        onChange(name);
      },
      keydown: (event) => {
        if (unknowable && !event.isComposing && ["?", "？", "x", "X"].includes(event.key)) {
          event.preventDefault();
          setUnknown(true);
          onChange(name);
        }
      },
    },
  });
  const toggle =
    unknowable &&
    button(
      UNKNOWN,
      () => {
        setUnknown(!unknown);
        onChange(name);
      },
      { class: "unknown", key: "x", "aria-pressed": "false" },
    );
  const base = field(name, el("div", { class: "with-button" }, input, toggle), { id });

  function setUnknown(value) {
    unknown = value;
    if (value) {
      input.value = "";
      base.complain("");
    }
    if (toggle) toggle.setAttribute("aria-pressed", String(value));
  }
  const problem = () =>
    input.value.trim() && input.value !== written.text && !readTime(input.value)
      ? gettext("Type a time as 17:20 or 8-27 17:20.")
      : "";
  const check = () => base.complain(problem());
  return {
    ...base,
    input,
    read: () => {
      if (!input.value.trim()) return null;
      return input.value === written.text ? written.iso : readTime(input.value);
    },
    problem,
    raw: () => input.value,
    writeRaw: (text) => {
      input.value = text;
      check();
    },
    isUnknown: () => unknown,
    write: (iso, isUnknown = false) => {
      setUnknown(isUnknown);
      input.value = writeTime(iso);
      written = { text: input.value, iso };
      check();
    },
    filled: () => unknown || Boolean(readTime(input.value)),
  };
}

/** Grade Ⅰ to Ⅳ, or not graded. */
export function gradeField({ onChange, allowed = true }) {
  let chosen; // undefined: not answered; null: not graded
  const choices = [1, 2, 3, 4, null];
  const buttons = choices.map((grade) =>
    el(
      "button",
      {
        type: "button",
        role: "radio",
        class: `grade-choice ${grade ? `grade-${grade}` : ""}`,
        "aria-checked": "false",
        disabled: !allowed,
        title: grade ? `${gradeName(grade)} (Alt+${grade})` : gradeName(null),
        "aria-label": gradeName(grade),
        on: {
          click: () => {
            write(grade);
            onChange("grade");
          },
        },
      },
      grade ? GRADES[grade] : gettext("none"),
    ),
  );
  const group = el(
    "div",
    {
      class: "grade-choices",
      role: "radiogroup",
      "aria-label": FIELDS.grade,
      on: { keydown: onKey },
    },
    buttons,
  );

  /** Arrows, Space and 1 to 4 choose; Enter does not, so that nobody grades by going on. */
  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !allowed) return;
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = buttons.indexOf(event.target);
    let next = null;
    if (by) next = at < 0 ? (by > 0 ? 0 : buttons.length - 1) : at + by;
    else if (/^[0-4]$/.test(event.key)) next = choices.indexOf(Number(event.key) || null);
    else if (event.key === " ") next = Math.max(at, 0);
    else if (event.key !== "Enter") return;
    event.preventDefault();
    if (next === null) return;
    const one = buttons[(next + buttons.length) % buttons.length];
    one.focus();
    one.click();
  }

  function write(grade) {
    chosen = grade;
    const at = choices.indexOf(grade);
    buttons.forEach((one, index) => {
      one.setAttribute("aria-checked", String(chosen !== undefined && index === at));
      one.tabIndex = chosen !== undefined && index === at ? 0 : -1;
    });
    group.tabIndex = chosen === undefined && allowed ? 0 : -1; // the whole, until one is chosen
  }
  write(undefined);
  return {
    ...field("grade", group),
    read: () => chosen ?? null,
    write,
    filled: () => chosen !== undefined,
    focus: () => (buttons.find((one) => one.tabIndex === 0) ?? group).focus(),
  };
}

/** Somebody to call. */
export function personField(name, keys, { onChange }) {
  const inputs = keys.map((key) =>
    el("input", {
      placeholder: PERSON[key],
      "aria-label": `${FIELDS[name]}: ${PERSON[key]}`,
      maxlength: key === "unit" ? 120 : key === "phone" ? 40 : 60,
      autocomplete: "off",
      type: key === "phone" ? "tel" : "text",
      on: { input: () => onChange(name) },
    }),
  );
  return {
    ...field(name, el("div", { class: "person" }, inputs), { wide: true }),
    read: () => Object.fromEntries(keys.map((key, index) => [key, inputs[index].value.trim()])),
    write: (person) =>
      keys.forEach((key, index) => {
        inputs[index].value = person?.[key] ?? "";
      }),
    filled: () => inputs.some((input) => input.value.trim()),
  };
}

export function choiceField(name, options, { onChange }) {
  const id = fresh(name);
  const select = el(
    "select",
    { id, on: { change: () => onChange(name) } },
    Object.entries(options).map(([value, text]) => el("option", { value, text })),
  );
  return {
    ...field(name, select, { id }),
    read: () => select.value,
    write: (value) => {
      select.value = value ?? "";
    },
    filled: () => select.value !== "",
  };
}

export function checkField(name, { onChange }) {
  const id = fresh(name);
  const box = el("input", { id, type: "checkbox", on: { change: () => onChange(name) } });
  const element = el(
    "div",
    { class: "field check" },
    el("label", { for: id }, box, " ", FIELDS[name]),
  );
  return {
    name,
    element,
    read: () => box.checked,
    write: (value) => {
      box.checked = Boolean(value);
    },
    filled: () => true,
    complain() {},
    focus: () => box.focus(),
  };
}
