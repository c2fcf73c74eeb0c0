/* Combobox: a text field with a list of choices under it. Promises: arrows, Enter, Esc and the
   mouse do what people expect, screen readers hear what is chosen; an answer that comes late
   for an older text is thrown away. Must not know: what is searched. */

import { debounce, el, fill } from "./dom.js";

let count = 0;

/** `find(text, signal)` resolves to choices {label, hint, group, mark, value}; `choose(value)` takes
 * one. Returns {element, input, close}. */
export function combobox({ input, find, choose, delay = 120, empty = "", openOnFocus = false }) {
  count += 1;
  const listId = `choices-${count}`;
  const list = el("ul", { class: "choices", role: "listbox", id: listId, hidden: true });
  const element = el("div", { class: "combobox" }, input, list);
  let choices = [];
  let at = -1;
  let request = null;

  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-autocomplete": "list",
    autocomplete: "off",
  })) {
    input.setAttribute(name, value);
  }

  function close() {
    request?.abort();
    search.waiting = "";
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  }

  async function run(text) {
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    try {
      const found = await find(text, signal);
      if (!signal.aborted && document.activeElement === input) show(found);
    } catch (problem) {
      if (!signal.aborted) show([], problem.message);
    }
  }

  const later = debounce(delay, (text) => text === search.waiting && run(text));
  function search() {
    search.waiting = input.value.trim();
    if (search.waiting || openOnFocus) later(search.waiting);
    else close();
  }

  function show(found, message = empty) {
    choices = found;
    at = found.length ? 0 : -1;
    let group = "";
    const items = found.flatMap((choice, index) => {
      const head =
        choice.group && choice.group !== group
          ? [el("li", { class: "choice-group", role: "presentation", text: choice.group })]
          : [];
      group = choice.group ?? group;
      return [...head, item(choice, index)];
    });
    fill(list, items.length ? items : message && el("li", { class: "choice-none", text: message }));
    list.hidden = !items.length && !message;
    input.setAttribute("aria-expanded", String(!list.hidden));
    point();
  }

  const item = (choice, index) =>
    el(
      "li",
      {
        role: "option",
        id: `${listId}-${index}`,
        class: "choice",
        on: { mousedown: (event) => event.preventDefault(), click: () => take(index) },
      },
      choice.badge ?? null,
      el("span", { class: "choice-label", text: choice.label }),
      choice.mark && el("span", { class: "mark", text: choice.mark }),
      choice.hint && el("span", { class: "choice-hint", text: choice.hint }),
    );

  function point() {
    list.querySelectorAll(".choice").forEach((node, index) => {
      node.setAttribute("aria-selected", String(index === at));
      if (index === at) node.scrollIntoView({ block: "nearest" });
    });
    if (at >= 0) input.setAttribute("aria-activedescendant", `${listId}-${at}`);
  }

  function take(index) {
    const choice = choices[index];
    close();
    if (choice) choose(choice.value, choice);
  }

  input.addEventListener("input", search);
  input.addEventListener(
    "focus",
    () => (openOnFocus || input.value.trim()) && input.dataset.quiet !== "true" && search(),
  );
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) search();
      else if (choices.length) {
        at = (at + (event.key === "ArrowDown" ? 1 : choices.length - 1)) % choices.length;
        point();
      }
    } else if (event.key === "Enter" && !event.ctrlKey && !list.hidden) {
      event.preventDefault();
      if (at >= 0) take(at);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  return { element, input, close };
}
