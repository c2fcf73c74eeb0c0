/* Filter bar: the controls of the filters: counters that are switches, and the form. Promises:
   what it shows is what filters.js holds. Must not know: rows, the map. */

import { get, query } from "./api.js";
import { debounce, el, fill } from "./dom.js";
import {
  choose,
  clearFilters,
  filters,
  isOpen,
  toggleGrade,
  whenFiltersChange,
} from "./filters.js";
import { isToday } from "./clock.js";
import { REALM } from "./realm.js";
import { districtName } from "./sharing.js";
import { all, on, takeList } from "./store.js";
import { toast } from "./toast.js";
import { ALL_STATES, GRADES, gradeName, named, stateName } from "./words.js";

const SHOWN = [1, 2, 3, 4, 0];

/** Counts by grade and of today; each is a switch of the filter. */
export function counters(node, counts, incidents) {
  const chosen = filters();
  const today = incidents.filter((one) => isToday(one.received_at)).length;
  const buttons = SHOWN.map((grade) =>
    el(
      "button",
      {
        type: "button",
        class: `counter ${counts[grade] ? "" : "zero"}`,
        "aria-pressed": String(chosen.grades.includes(grade)),
        title: grade ? `${gradeName(grade)} (${grade})` : gradeName(null),
        on: { click: () => toggleGrade(grade) },
      },
      el("span", { class: `badge grade-${grade}`, text: GRADES[grade] || "—" }),
      el("span", { class: "counter-n", text: String(counts[grade]) }),
    ),
  );
  const day = el(
    "button",
    {
      type: "button",
      class: "counter today",
      "aria-pressed": String(chosen.today),
      title: gettext("Received today, open or not"),
      on: { click: () => toggleToday() },
    },
    el("span", { text: gettext("Today") }),
    el("span", { class: "counter-n", text: String(today) }),
  );
  const focused = [...node.children].indexOf(document.activeElement);
  fill(node, ...buttons, day);
  if (focused >= 0) node.children[focused]?.focus();
}

function toggleToday() {
  const today = !filters().today;
  choose({ today, state: today ? "all" : "open" });
  if (today) fetchAll();
}

let everything = false;

/** Closed incidents are fetched when they are first asked for; the feed keeps them from then on. */
async function fetchAll() {
  if (everything) return;
  try {
    takeList(await get(`incidents?${query({ state: "all", realm: REALM })}`));
    everything = true;
  } catch (problem) {
    toast(problem.message, { bad: true });
  }
}

/** Which list to fetch anew after a break: the same as is held now. */
export const heldState = () => (everything ? "all" : "open");
export const isHeld = (incident) => everything || isOpen(incident);

/** Build the form. */
export function filterForm(node, types) {
  const text = el("input", {
    type: "search",
    placeholder: gettext("Title, number, place"),
    "aria-label": gettext("Text"),
    on: { input: debounce(120, () => choose({ text: text.value })) },
  });
  const categories = types.filter((type) => /^1[1-4](000|[A-Y]00)$/.test(type.code));
  const category = select(
    gettext("Class"),
    [
      ["", gettext("All classes")],
      ...categories.map((type) => [
        prefix(type.code),
        `${type.code.endsWith("000") ? "" : "　"}${named(type)}`,
      ]),
    ],
    (value) => choose({ category: value }),
  );
  const district = select(gettext("District"), [["", gettext("All districts")]], (value) =>
    choose({ district: value }),
  );
  const state = select(
    gettext("State"),
    [
      ["open", gettext("Open")],
      ["all", gettext("All states")],
      ...ALL_STATES.map((name) => [name, stateName(name)]),
    ],
    (value) => {
      choose({ state: value });
      if (value !== "open") fetchAll();
    },
  );
  const sort = select(
    gettext("Order"),
    [
      ["newest", gettext("Newest first")],
      ["gravest", gettext("Gravest first")],
    ],
    (value) => choose({ sort: value }),
  );
  fill(
    node,
    text,
    el("div", { class: "filter-pair" }, category, district),
    el("div", { class: "filter-pair" }, state, sort),
    el("button", {
      type: "button",
      class: "text",
      text: gettext("Clear the filter"),
      on: { click: clearFilters },
    }),
  );
  const show = () => {
    const chosen = filters();
    if (document.activeElement !== text) text.value = chosen.text;
    districtsOf(district);
    for (const [control, name] of [
      [category, "category"],
      [district, "district"],
      [state, "state"],
      [sort, "sort"],
    ])
      control.value = chosen[name];
  };
  whenFiltersChange(show);
  on(
    "incidents",
    debounce(500, () => districtsOf(district)),
  );
  show();
  if (filters().state !== "open") fetchAll();
}

const prefix = (code) => (code.endsWith("000") ? code.slice(0, 2) : code.slice(0, 3));

function select(label, options, onChange) {
  const made = el("select", {
    "aria-label": label,
    title: label,
    on: { change: () => onChange(made.value) },
  });
  made.append(...options.map(([value, text]) => el("option", { value, text })));
  return made;
}

/** The districts that occur, the chosen one always among them. */
function districtsOf(control) {
  const chosen = filters().district;
  const known = new Map([[chosen, chosen]]); // as kept in the filter -> as shown
  for (const one of all()) known.set(one.district_name, districtName(one));
  const names = [...known.keys()].filter(Boolean).sort((a, b) => a.localeCompare(b, "zh"));
  const shown = [...control.options].slice(1).map((option) => option.value);
  if (shown.join() === names.join()) return;
  control.replaceChildren(
    control.options[0],
    ...names.map((name) => el("option", { value: name, text: known.get(name) })),
  );
  control.value = chosen;
}
