/* Row: one incident as a line of the list: grade, symbol, title, state, place, age. Promises: the
   element stays and only its content changes; one from elsewhere wears its origin; colour is never alone: the grade is a numeral, the
   state a word. Must not know: where the line stands. */

import { stamp } from "./clock.js";
import { el, fill, symbol } from "./dom.js";
import { isForeign, nodeName } from "./nodes.js";
import { districtName } from "./sharing.js";
import { GRADES, gradeName, named, stateName } from "./words.js";

/** Fill a row; `flags` are the classes that it has where they are true. */
export function fillRow(element, incident, { type, time, flags, position, total }) {
  const { grade, title, location, state, home, number } = incident;
  const typeName = type ? named(type) : incident.type_name;
  const origin = isForeign(incident) && nodeName(home);
  const beyond = location ? gettext("outside the districts") : gettext("no position");
  const place = districtName(incident) || beyond;
  const received = stamp(incident.received_at);
  const classes = Object.keys(flags).filter((flag) => flags[flag]);
  element.className = ["row", origin && "foreign", ...classes].filter(Boolean).join(" ");
  const lines = [title, `${number} · ${typeName}`, gradeName(grade), place, received, origin];
  element.title = lines.filter(Boolean).join("\n");
  element.setAttribute("aria-selected", String(flags.opened));
  element.setAttribute("aria-posinset", String(position));
  element.setAttribute("aria-setsize", String(total));
  fill(
    element,
    el("span", {
      class: `badge grade-${grade ?? 0}`,
      text: GRADES[grade] ?? "—",
      "aria-label": gradeName(grade),
    }),
    symbol(type?.symbol || "event"),
    el(
      "span",
      { class: "row-text" },
      el("span", { class: "row-title", text: title }),
      el(
        "span",
        { class: "row-meta" },
        origin && el("span", { class: "mark foreign", text: origin }),
        el("span", { class: `state state-${state}`, text: stateName(state) }),
        el("span", { class: "row-place", text: place === origin ? "" : place }),
        el("time", { text: time }),
      ),
    ),
  );
}
