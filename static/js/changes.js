/* Changes: one line of the history of an incident: what changed, before and after, by whom.
   Promises: what a former home wrote and is not in force says so in words; a value is shown in
   words, whoever wrote it. Must not know: where the line stands (timeline.js). */

import { clockOf, stamp } from "./clock.js";
import { el } from "./dom.js";
import { decisionWords } from "./gradewords.js";
import { sayMoney } from "./money.js";
import { nodeName } from "./nodes.js";
import { nameOf } from "./sharing.js";
import { incident } from "./store.js";
import {
  accountOf,
  actorName,
  COLOURS,
  fieldName,
  FIGURES,
  figure,
  gradeName,
  listed,
  say,
  stateName,
} from "./words.js";

const QUIET = new Set([
  "district",
  "type_code",
  "number",
  "home",
  "realm",
  "term",
  "id",
  "received_by",
  "audience",
]);

const OTHERS = new Set(["merged_into", "parent", "split_from"]);

const TYPES = {
  "incident.reported": gettext("Reported"),
  "incident.changed": gettext("Changed"),
  "incident.opened_to": gettext("Shown to"),
  "incident.closed_to": gettext("Withdrawn from"),
  "incident.handed_over": gettext("Handed over"),
  "incident.taken_over": gettext("Taken over"),
};

/** The words for a line: the state it came to, or what was done. */
function title({ type, changed }) {
  const home = changed?.home?.[1];
  if (type === "incident.handed_over" && home)
    return say(gettext("Handed over to %(name)s"), { name: nodeName(home) });
  if (type === "incident.taken_over" && home)
    return say(gettext("Taken over by %(name)s"), { name: nodeName(home) });
  return changed?.state ? stateName(changed.state[1]) : (TYPES[type] ?? type);
}

export function changeView(line) {
  const { time, actor, changed, proposal } = line;
  const { state: _state, ...others } = changed ?? {};
  const quiet = (name) => QUIET.has(name) || (name === "state_reason" && !others[name][1]);
  const rows = Object.entries(others)
    .filter(([name]) => !quiet(name))
    .flatMap(([name, [before, after]]) => changeRows(name, before, after));
  return el(
    "li",
    { class: `line change ${proposal ? "proposal" : ""}` },
    el("time", { text: clockOf(time), title: stamp(time, { seconds: true }) }),
    el(
      "div",
      { class: "line-body" },
      el(
        "p",
        {},
        proposal && [
          el("span", { class: "mark", text: gettext("Proposal (not in force)") }),
          " ",
        ],
        el("strong", { text: title(line) }),
        " ",
        el("span", { class: "meta", text: actorName(actor), title: accountOf(actor) }),
      ),
      rows.length ? el("ul", { class: "changes" }, rows) : null,
    ),
  );
}

/** The rows of one field that changed, a figure a row. */
export function changeRows(name, before, after) {
  if (name === "casualties") {
    return Object.keys(FIGURES)
      .filter((one) => before?.[one] !== after?.[one])
      .map((one) => changeRow(FIGURES[one], figure(before?.[one]), figure(after?.[one])));
  }
  const [was, is] = [name === "grading" ? "" : plain(name, before), plain(name, after)];
  const same = ["location", "grading"].includes(name) && was === is;
  return same ? [] : [changeRow(fieldName(name), was, is)];
}

const changeRow = (label, before, after) =>
  el(
    "li",
    {},
    el("span", { class: "meta", text: label }),
    " ",
    before && el("del", { text: before }),
    before && " → ",
    el("span", { text: after || "—" }),
  );

/** A value of a field in words. */
export function plain(name, value) {
  if (value === null || value === undefined || value === "") return "";
  if (value === "known") return gettext("known");
  if (name === "state") return stateName(value);
  if (name === "grade") return gradeName(value);
  if (OTHERS.has(name)) return incident(value)?.number ?? gettext("another incident");
  if (name === "grading") return decisionWords(value);
  if (name === "loss_cny") return sayMoney(value);
  if (name === "warning_colour") return COLOURS[value] ?? String(value);
  if (name === "location" && Number.isFinite(value.lon)) return `${value.lon.toFixed(5)}, ${value.lat.toFixed(5)}`;
  if (name === "organisations") return listed(value.map((one) => nameOf(one.code)));
  if (name.endsWith("_at")) return stamp(value);
  if (typeof value === "boolean") return value ? gettext("yes") : gettext("no");
  if (typeof value === "object") return gettext("set");
  return String(value);
}
