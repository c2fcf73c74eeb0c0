/* Ticker: what happens now, newest first, in the right column. Promises: every line says who
   and when and leads to its incident; lines of before the page was opened come from the
   incidents themselves; it never grows beyond LINES. Must not know: how changes arrive. */

import { stamp } from "./clock.js";
import { button, byId, el, fill, paced } from "./dom.js";
import { isForeign, nodeName } from "./nodes.js";
import { kindName, outcomeName } from "./requests.js";
import { nameOf } from "./sharing.js";
import { all, incident, on } from "./store.js";
import { speak } from "./toast.js";
import { actorName, GRADES, say, stateName } from "./words.js";

const LINES = 120;
let lines = []; // {time, id, kind, text, who, fresh}
let open = () => {};
let node = null;

export function startTicker(given) {
  open = given.open;
  node = el("ol", { class: "ticks", "aria-label": gettext("Activity") });
  fill(
    byId("feed"),
    el(
      "div",
      { class: "column-head" },
      el("h2", { text: gettext("Activity") }),
      el("span", { class: "grow" }),
      button("›", () => document.body.classList.toggle("feed-folded"), {
        class: "bare fold",
        title: gettext("Fold the activity away"),
        "aria-label": gettext("Fold the activity away"),
      }),
    ),
    node,
  );
  lines = [...all()]
    .sort((a, b) => (a.received_at < b.received_at ? 1 : -1))
    .slice(0, 40)
    .map((one) => ({
      time: one.received_at,
      id: one.id,
      kind: gettext("Received"),
      text: one.title,
      who: one.received_by,
      grade: one.grade,
      home: one.home,
    }));
  draw();
  on("activity", take);
  on("gone", (known) => {
    lines = lines.filter((line) => line.id !== known.id);
    draw();
  });
  on("incidents", (ids) => {
    const kept = lines.filter((line) => !ids.has(line.id) || incident(line.id));
    if (kept.length === lines.length) return;
    lines = kept; // what this officer may not see any more is not told here either
    draw();
  });
  setInterval(draw, 60000);
}

/** One frame of the feed as a line. */
function take({ type, time, actor, item }, known) {
  const id = item.incident ?? item.thing?.split("/")[1] ?? item.id;
  const about = incident(id);
  const line = {
    time,
    id,
    who: item.author_name ?? actorName(actor),
    grade: about?.grade,
    home: about?.home,
    fresh: true,
    text: about?.title ?? "",
  };
  if (type === "incident.reported")
    Object.assign(line, { kind: gettext("Received"), who: item.received_by });
  else if (type === "incident.advanced")
    Object.assign(line, { kind: stateName(item.state), who: actorName(actor) });
  else if (type === "incident.changed")
    Object.assign(line, { kind: gettext("Changed"), who: actorName(actor) });
  else if (type === "incident.opened_to")
    Object.assign(line, { kind: gettext("Shown to others"), who: actorName(actor) });
  else if (type === "incident.closed_to")
    Object.assign(line, { kind: gettext("Withdrawn"), who: actorName(actor) });
  else if (type === "showing.begun")
    Object.assign(line, { kind: gettext("Shown here"), detail: nameOf(item.organisation) });
  else if (type === "showing.ended")
    Object.assign(line, { kind: gettext("Withdrawn"), detail: nameOf(item.organisation) });
  else if (type === "entry.written")
    Object.assign(line, { kind: gettext("Entry"), detail: item.text });
  else if (type === "entry.corrected")
    Object.assign(line, { kind: gettext("Entry corrected"), detail: item.text });
  else if (type === "entry.struck")
    Object.assign(line, { kind: gettext("Entry struck"), detail: item.text });
  else if (type === "attachment.added")
    Object.assign(line, { kind: gettext("Attachment"), detail: item.name });
  else if (type === "share.granted")
    Object.assign(line, { kind: gettext("Shared"), detail: nodeName(item.node) });
  else if (type === "share.ended")
    Object.assign(line, { kind: gettext("Sharing ended"), detail: nodeName(item.node) });
  else if (type === "incident.handed_over")
    Object.assign(line, { kind: gettext("Handed over"), detail: nodeName(item.home) });
  else if (type === "incident.taken_over")
    Object.assign(line, { kind: gettext("Taken over"), detail: nodeName(item.home) });
  else if (type === "receipt.acknowledged")
    Object.assign(line, { kind: gettext("Acknowledged"), detail: item.author_name });
  else if (type === "request.made")
    Object.assign(line, { kind: kindName(item.kind), detail: item.text });
  else if (type === "request.answered")
    Object.assign(line, { kind: outcomeName(item.outcome), detail: item.text });
  else if (known || type === "tie.made" || type === "receipt.opened") return;
  if (type === "incident.reported" || (type === "showing.begun" && !known))
    speak(say(gettext("New incident: %(title)s"), { title: line.text }));
  lines = [line, ...lines].slice(0, LINES);
  redraw();
}

const redraw = paced(150, draw);

function draw() {
  if (!lines.length) {
    fill(node, el("li", { class: "empty", text: gettext("Nothing has happened yet.") }));
    return;
  }
  fill(
    node,
    lines.map((line) =>
      el(
        "li",
        { class: `tick ${line.fresh ? "fresh" : ""}` },
        el(
          "button",
          { type: "button", class: "bare", on: { click: () => open(line.id) } },
          el(
            "span",
            { class: "tick-head" },
            el("time", { text: stamp(line.time) }),
            el("span", { class: "tick-kind", text: line.kind }),
            line.grade &&
              el("span", { class: `badge small grade-${line.grade}`, text: GRADES[line.grade] }),
            line.home &&
              isForeign(line) &&
              el("span", { class: "mark foreign", text: nodeName(line.home) }),
          ),
          el("span", { class: "tick-title", text: line.text }),
          line.detail && el("span", { class: "tick-detail", text: line.detail }),
          el("span", { class: "meta tick-who", text: line.who }),
        ),
      ),
    ),
  );
  for (const line of lines) line.fresh = false;
}
