/* Panel head: grade, state, number and title of an incident, and the steps that are open to it.
   Promises: an incident from elsewhere wears its origin and offers nothing that only its node may
   do. Must not know: tabs, the store. */

import { stamp } from "./clock.js";
import { button, el, symbol } from "./dom.js";
import { isForeign, nodeName } from "./nodes.js";
import { REALM } from "./realm.js";
import { districtName } from "./sharing.js";
import { stepBar } from "./steps.js";
import { GRADES, gradeName, named, say, stateName } from "./words.js";

/** `edit` is null while the incident is being edited; `failed(message)` shows what went wrong. */
export function headView(known, { context, edit, close, failed }) {
  const type = context.types.get(known.type_code);
  const origin = isForeign(known) && nodeName(known.home);
  return [
    el(
      "div",
      { class: "panel-line" },
      el("span", {
        class: `badge grade-${known.grade ?? 0}`,
        text: GRADES[known.grade] ?? "—",
        title: gradeName(known.grade),
      }),
      el("span", { class: `state state-${known.state}`, text: stateName(known.state) }),
      el("span", { class: "meta number", text: known.number }),
      origin && el("span", { class: "mark foreign", text: origin }),
      context.me.verbs.includes("duty.see") &&
        REALM === "real" &&
        el("a", {
          href: `/duty?number=${encodeURIComponent(known.number)}`,
          title: gettext("What the duty log says about it, and a new entry"),
          text: gettext("Duty log"),
        }),
      el("span", { class: "grow" }),
      context.me.verbs.includes("incident.edit") &&
        known.state !== "archived" &&
        !origin &&
        edit &&
        button(gettext("Edit"), edit, { class: "bare" }),
      button("×", close, {
        class: "bare",
        title: gettext("Close"),
        key: "Esc",
        "aria-label": gettext("Close"),
      }),
    ),
    el(
      "h2",
      { class: "panel-title" },
      symbol(type?.symbol || "event"),
      el("span", { text: known.title }),
    ),
    el(
      "p",
      { class: "meta" },
      [
        type ? named(type) : known.type_name,
        districtName(known),
        say(gettext("received %(time)s"), { time: stamp(known.received_at) }),
      ]
        .filter(Boolean)
        .join(" · "),
    ),
    origin && el("p", { class: "origin", text: originLine(origin, context.me) }),
    edit && !origin && stepBar(known, context.me, { failed }),
  ];
}

const originLine = (name, me) =>
  say(
    me.verbs.includes("entry.write")
      ? gettext("%(name)s is in charge; this node may write entries")
      : gettext("%(name)s is in charge"),
    { name },
  );
