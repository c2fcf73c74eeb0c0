/* Type field: a class of the tree, found by name, code or one of its words. Promises: only a
   class of the tree can be chosen; leaving the field shows the chosen one again; words of which
   none was chosen are not saved past. Must not know: the form around it. */

import { combobox } from "./combobox.js";
import { el, fill, symbol } from "./dom.js";
import { field, fresh } from "./fields.js";
import { fold } from "./filters.js";
import { named } from "./words.js";

const ROOTS = /0000$/; // the whole, and what is for tests only

/** A class of the tree, found by name, code or one of its words. */
export function typeField(types, { onChange }) {
  const id = fresh("type");
  const byCode = new Map(types.map((type) => [type.code, type]));
  const input = el("input", {
    id,
    placeholder: gettext("Name, code or a word of it"),
    maxlength: 60,
  });
  const shown = el("span", { class: "type-symbol" });
  let chosen = null;
  const box = combobox({
    input,
    find: async (text) => findTypes(types, byCode, text),
    choose: (type) => {
      write(type.code);
      onChange("type_code");
    },
    delay: 0,
    openOnFocus: true,
    empty: gettext("No such class."),
  });
  input.addEventListener("blur", () => write(chosen?.code ?? ""));
  input.addEventListener("focus", () => input.select());

  const base = field("type_code", el("div", { class: "with-symbol" }, shown, box.element), { id });
  const text = () => (chosen ? `${named(chosen)} ${chosen.code}` : "");

  function write(code) {
    chosen = byCode.get(code) ?? null;
    input.value = text();
    base.complain("");
    fill(shown, chosen ? symbol(chosen.symbol || "event") : null);
  }
  return {
    ...base,
    problem: () =>
      ["", text()].includes(input.value.trim())
        ? ""
        : gettext("Choose a class of the list, or clear this."),
    raw: () => input.value,
    writeRaw: (typed) => {
      input.value = typed;
    },
    read: () => chosen?.code ?? "",
    write,
    filled: () => Boolean(chosen),
    focus: () => input.focus(),
  };
}

function findTypes(types, byCode, text) {
  const wanted = fold(text.replace(/ ?\d\d[A-Z0-9]\d\d$/, ""));
  const fits = (type) =>
    fold([type.code, type.name, type.name_en, ...(type.words ?? [])].join(" ")).includes(wanted);
  const group = (type) => byCode.get(`${type.code.slice(0, 2)}000`);
  return types
    .filter((type) => !ROOTS.test(type.code) && (!wanted || fits(type)))
    .slice(0, 80)
    .map((type) => ({
      label: named(type),
      hint: type.code,
      group: named(group(type) ?? type),
      badge: symbol(type.symbol || "event"),
      value: type,
    }));
}
