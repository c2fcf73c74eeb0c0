/* List: the incidents as rows. Owns the left column: counters by grade, filters, rows, the
   door to a new incident. Promises: draws only the rows in sight, so 5,000 are as quick as
   five; the row under the hand stays when others arrive. Must not know: the map, the feed; it
   calls what it is given. */

import { ago } from "./clock.js";
import { button, byId, el, fill, paced } from "./dom.js";
import { activeCount, clearFilters, filtered, whenFiltersChange } from "./filters.js";
import { counters, filterForm } from "./filterbar.js";
import { fillRow } from "./row.js";
import { nodeName } from "./nodes.js";
import { isUnseen } from "./seen.js";
import { all, on, unlisted } from "./store.js";
import { say } from "./words.js";

const SPARE = 6; // rows drawn above and below
const FRESH = 3000; // ms a new row is marked as new

let actions = {}; // open(id), create(), shown(incidents)
let types = new Map();
let rows = []; // incidents that pass the filters, in order
let current = null; // id of the row the keys are on
let opened = null; // id in the panel
let awaited = null; // id to bring into sight as soon as it is listed
const drawn = new Map(); // id -> {element, incident, look}
const fresh = new Map(); // id -> when it arrived
const parts = { pushed: 0 }; // pushed: px that rows were kept from moving

/** Build the column; `given` are the actions that rows and buttons call. */
export function startList(given, typeList) {
  actions = given;
  types = new Map(typeList.map((type) => [type.code, type]));
  parts.title = el("h2", { text: gettext("Incidents") });
  parts.total = el("span", { class: "total" });
  parts.age = el("span", { class: "age" });
  parts.filter = button("", () => showFilters(parts.form.hidden), {
    class: "bare",
    "aria-expanded": "false",
  });
  parts.counters = el("div", {
    class: "counters",
    role: "group",
    "aria-label": gettext("Open by grade"),
  });
  parts.form = el("div", { class: "filters", hidden: true });
  parts.space = el("div", { class: "rows-space", role: "presentation" });
  parts.older = el("p", { class: "older", role: "status", hidden: true });
  parts.empty = el("div", { class: "empty", hidden: true });
  parts.rows = el(
    "div",
    {
      class: "rows",
      role: "listbox",
      tabindex: "0",
      "aria-label": gettext("Incidents"),
      on: { scroll: paced(0, drawRows), keydown: onKey, click: onClick, pointerleave: letGo },
    },
    parts.space,
    parts.empty,
  );
  fill(
    byId("list"),
    el(
      "div",
      { class: "column-head" },
      parts.title,
      parts.total,
      parts.age,
      el("span", { class: "grow" }),
      parts.filter,
      foldButton(),
    ),
    parts.counters,
    parts.form,
    parts.older,
    parts.rows,
    el(
      "div",
      { class: "column-foot" },
      actions.create &&
        button([gettext("New incident"), " ", el("kbd", { text: "N" })], actions.create, {
          class: "primary wide",
          title: gettext("New incident"),
          key: "N",
        }),
    ),
  );
  filterForm(parts.form, typeList);
  on("incidents", redraw);
  on("arrived", (incident) => fresh.set(incident.id, performance.now()));
  whenFiltersChange(() => {
    parts.rows.scrollTop = 0;
    refresh();
  });
  new ResizeObserver(drawRows).observe(parts.rows);
  setInterval(drawRows, 20000);
  refresh();
}

const foldButton = () =>
  button("‹", () => document.body.classList.toggle("list-folded"), {
    class: "bare fold",
    title: gettext("Fold the list away"),
    "aria-label": gettext("Fold the list away"),
  });

function showFilters(shown) {
  parts.form.hidden = !shown;
  parts.filter.setAttribute("aria-expanded", String(shown));
}

const redraw = paced(120, refresh);

/** Filter and count again, and tell what is shown. */
function refresh() {
  const { found, counts } = filtered(all());
  const anchor = rowInPlace();
  rows = found;
  counters(parts.counters, counts, [...all()]);
  parts.total.textContent = String(found.length);
  const active = activeCount();
  parts.filter.textContent = active
    ? say(gettext("Filter (%(n)s)"), { n: active })
    : gettext("Filter");
  parts.filter.classList.toggle("active", active > 0);
  parts.older.hidden = !unlisted();
  parts.older.textContent = say(
    gettext("%(n)s older incidents are not in this list and its counts; the search finds them."),
    { n: unlisted() },
  );
  showEmpty(active);
  keepInPlace(anchor);
  bringIntoSight();
  drawRows();
  actions.shown(found);
}

/** The row that must not move under the hand: of a pointer over the rows, or of somebody who has
 * scrolled; null at rest at the top, where new rows push the others down. */
function rowInPlace() {
  const { scrollTop } = parts.rows;
  if (!rows.length || (scrollTop === 0 && !parts.rows.matches(":hover"))) return null;
  const index = Math.min(rows.length - 1, Math.floor(scrollTop / height()));
  return { id: rows[index].id, index };
}

function keepInPlace(anchor) {
  if (!anchor) return;
  const index = rows.findIndex((one) => one.id === anchor.id);
  if (index <= anchor.index) return;
  const moved = (index - anchor.index) * height();
  parts.pushed += moved;
  stretch();
  parts.rows.scrollTop += moved;
}

/** Room for all rows, and for a short list to be pushed up too. */
function stretch() {
  const pushed = parts.pushed && parts.pushed + parts.rows.clientHeight;
  parts.space.style.height = `${Math.max(rows.length * height(), pushed)}px`;
}

/** The hand is gone: show the rows that came meanwhile. */
function letGo() {
  if (!parts.pushed) return;
  if (parts.rows.scrollTop <= parts.pushed) parts.rows.scrollTop = 0;
  parts.pushed = 0;
  drawRows();
}

function showEmpty(active) {
  parts.empty.hidden = rows.length > 0;
  if (rows.length) return;
  fill(
    parts.empty,
    el("p", {
      text: active ? gettext("Nothing passes the filter.") : gettext("No open incidents."),
    }),
    active
      ? button(gettext("Clear the filter"), clearFilters)
      : el("p", { class: "meta", text: gettext("A new one appears here by itself.") }),
  );
}

const height = () => {
  parts.height ??= parseFloat(getComputedStyle(document.documentElement).fontSize) * 2.75;
  return parts.height;
};

/** Draw the rows in sight; a row that stays keeps its element, so that a click on it is not lost. */
function drawRows() {
  const size = height();
  stretch();
  const first = Math.max(0, Math.floor(parts.rows.scrollTop / size) - SPARE);
  const below = Math.ceil((parts.rows.scrollTop + parts.rows.clientHeight) / size);
  const last = Math.min(rows.length, below + SPARE);
  const wanted = new Set(rows.slice(first, last).map((one) => one.id));
  for (const [id, { element }] of drawn) {
    if (wanted.has(id)) continue;
    element.remove();
    drawn.delete(id);
  }
  let place = parts.space.firstElementChild; // elements stand as the rows do, for who hears them
  for (let index = first; index < last; index += 1) {
    const element = drawRow(rows[index], index);
    if (element === place) place = place.nextElementSibling;
    else parts.space.insertBefore(element, place);
  }
  const at = current && drawn.has(current) ? `row-${current}` : "";
  parts.rows.setAttribute("aria-activedescendant", at);
}

function drawRow(incident, index) {
  const { id } = incident;
  const time = ago(incident.received_at);
  const flags = {
    current: id === current,
    opened: id === opened,
    unseen: isUnseen(incident),
    fresh: performance.now() - (fresh.get(id) ?? -Infinity) < FRESH,
  };
  const origin = nodeName(incident.home);
  const look = [index, time, origin, ...Object.values(flags), rows.length].join();
  const known = drawn.get(id);
  if (known?.incident === incident && known.look === look) return known.element;
  const element = known?.element ?? el("div", { id: `row-${id}`, role: "option", data: { id } });
  drawn.set(id, { element, incident, look });
  element.style.transform = `translateY(${index * height()}px)`;
  const type = types.get(incident.type_code);
  fillRow(element, incident, { type, time, flags, position: index + 1, total: rows.length });
  return element;
}

function onClick(event) {
  const id = event.target.closest(".row")?.dataset.id;
  if (!id) return;
  current = id;
  actions.open(id, { fromRow: true });
}

/** Which incident the panel shows; its row is brought into sight, now or when it is listed. */
export function markOpened(id) {
  opened = id;
  awaited = id;
  if (id) current = id;
  bringIntoSight();
  drawRows();
}

function bringIntoSight() {
  const index = awaited ? rows.findIndex((one) => one.id === awaited) : -1;
  if (index < 0) return;
  awaited = null;
  stretch();
  const top = index * height();
  if (top < parts.rows.scrollTop) parts.rows.scrollTop = top;
  else if (top + height() > parts.rows.scrollTop + parts.rows.clientHeight)
    parts.rows.scrollTop = top + height() - parts.rows.clientHeight;
}

/** Put the keys back to the rows. */
export const focusList = () => parts.rows.focus({ preventScroll: true });

/** How old the figures are, where they are not live. */
export function showAge(text) {
  parts.age.textContent = text;
}

/** Move the current row by so many; from outside the list too. */
export function step(by) {
  if (!rows.length) return;
  const at = rows.findIndex((one) => one.id === current);
  const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by));
  awaited = current = rows[next].id;
  bringIntoSight();
  drawRows();
}

/** Open the current row. */
export const openCurrent = () =>
  current && rows.some((one) => one.id === current) && actions.open(current);

function onKey(event) {
  const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -1e6, End: 1e6 }[
    event.key
  ];
  if (by === undefined) return;
  event.preventDefault();
  step(by);
}

export const shownIncidents = () => rows;
