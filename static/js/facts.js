/* Facts: the fields of an incident as a person reads them: flags, figures, a list of names and values.
   Promises: 不详 is written as 不详 and never as a blank; a personal field that is not there is left
   out. Must not know: whose eyes see it (overview.js, preview.js). */

import { stamp } from "./clock.js";
import { button, el } from "./dom.js";
import { stageOf } from "./gradewords.js";
import { showPoint } from "./map.js";
import { sayMoney } from "./money.js";
import { districtName } from "./sharing.js";
import {
  COLOURS,
  fieldName,
  FIGURES,
  figure,
  gradeName,
  PERSON,
  say,
  SYSTEMS,
  UNKNOWN,
} from "./words.js";

const TEXTS = ["cause", "trend", "measures", "next_steps", "leaders_present", "reported_to"];

/** The summary and what marks the incident. */
export const summary = (known) => {
  const flags = ["foreigners", "sensitive"]
    .filter((name) => known[name])
    .map((name) => el("span", { class: "mark", text: fieldName(name) }));
  return [
    known.summary && el("p", { class: "summary", text: known.summary }),
    flags.length ? el("p", { class: "flags" }, flags) : null,
  ].filter(Boolean);
};

/** Names and values; `onMap`: the position can be pressed to show it on the map. */
export function facts(known, { onMap = true } = {}) {
  const rows = [
    row("occurred_at", known.occurred_at ? stamp(known.occurred_at) : null),
    row("address", place(known, onMap)),
    row("grade", [gradeName(known.grade), stageOf(known.grading)].filter(Boolean).join(" · ")),
    known.warning_colour && row("warning_colour", COLOURS[known.warning_colour]),
    known.response_level && row("response_level", known.response_level),
    row("source", known.source),
    known.reporter && row("reporter", person(known.reporter)),
    known.site_contact &&
      person(known.site_contact) &&
      row("site_contact", person(known.site_contact)),
    row("received_by", known.received_by),
    known.loss_cny && row("loss_cny", sayMoney(known.loss_cny)),
    ...TEXTS.filter((name) => known[name]).map((name) => row(name, known[name])),
    known.state_reason && row("state_reason", known.state_reason),
  ];
  return el("dl", { class: "facts" }, rows.filter(Boolean));
}

const row = (name, value) =>
  el(
    "div",
    {},
    el("dt", { text: fieldName(name) }),
    el("dd", {}, value || el("span", { class: "quiet", text: UNKNOWN })),
  );

export function casualties(figures) {
  return el(
    "ul",
    { class: "casualties", "aria-label": fieldName("casualties") },
    Object.entries(FIGURES).map(([name, label]) => {
      const value = figures[name];
      return el(
        "li",
        { class: value === null ? "is-unknown" : value > 0 ? "some" : "none" },
        el("strong", { class: value > 99999 ? "long" : "", text: figure(value) }),
        el("span", { text: label }),
      );
    }),
  );
}

function place(known, onMap) {
  const { address, location } = known;
  if (!address && !location) return null;
  const { declared } = location ?? {};
  const given =
    declared && declared.crs !== "wgs84"
      ? say(gettext("given as %(text)s"), {
          text: `${declared.lon}, ${declared.lat} ${SYSTEMS[declared.crs]}`,
        })
      : "";
  return [
    el("span", { text: address || districtName(known) }),
    location && coordinates(location, onMap),
    given && el("span", { class: "meta", text: given }),
  ].filter(Boolean);
}

function coordinates(location, onMap) {
  const text = `${location.lon.toFixed(5)}, ${location.lat.toFixed(5)}`;
  if (!onMap) return el("span", { class: "meta coordinates", text });
  return button(text, () => showPoint(location), {
    class: "text coordinates",
    title: gettext("Show on the map"),
  });
}

function person(values) {
  const given = Object.keys(PERSON).filter((key) => values[key]);
  return given.length > 0 && given.map((key) => el("span", { class: key, text: values[key] }));
}
