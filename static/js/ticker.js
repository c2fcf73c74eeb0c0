/* Ticker: what happens now, newest first, in the right column. Promises: every line says who
   and when and leads to its incident; what happened before the page was opened is read from the
   log once; it never grows beyond LINES. Must not know: how changes arrive. */

import { get, query } from "./api.js";
import { stamp } from "./clock.js";
import { deadlineEvent } from "./deadlines.js";
import { button, byId, el, fill, paced } from "./dom.js";
import { isForeign, nodeName } from "./nodes.js";
import { REALM } from "./realm.js";
import { draftName, reportName } from "./reports.js";
import { kindName, outcomeName } from "./requests.js";
import { roundEvent } from "./rounds.js";
import { nameOf } from "./sharing.js";
import { incident, on } from "./store.js";
import { supplementEvent } from "./supplements.js";
import { stepName } from "./tasks.js";
import { speak } from "./toast.js";
import { actorName, GRADES, say, stateName } from "./words.js";

const LINES = 120;
const UNTOLD = new Set(
  "task.issued tie.made receipt.opened proposal.declined inject.answered share.erased draft.closed".split(" "),
);
const TASK_STEPS = new Set(["task.acknowledged", "task.feedback", "task.returned", "task.done"]);
let lines = []; // {cursor, key, time, id, kind, text, who, fresh}
const gone = new Set(); // ids of incidents that this officer may not see any more
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
  lookBack();
  on("activity", take);
  on("aside", () => lookBack({ anew: true }));
  on("gone", (known) => {
    gone.add(known.id);
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

/** Read from the log what happened before; with `anew`, nothing that is shown is kept. */
export async function lookBack({ anew = false } = {}) {
  const events = await get(`activity?${query({ realm: REALM })}`).catch(() => null);
  if (!events) return;
  if (anew) lines = lines.filter((line) => isAfter(line, events.at(-1)));
  const shown = new Set(lines.map(({ key }) => key));
  const past = events
    .filter((one) => !shown.has(keyOf(one)) && !gone.has(one.incident.id))
    .map((one) => ({ ...lineOf(one, one.incident), proposal: one.proposal }));
  lines = [...lines, ...past.filter(({ kind }) => kind).reverse()].slice(0, LINES);
  draw();
}

/** The same for the same fact, also where it came back under another place in the log. */
const keyOf = ({ type, time, item }) => `${type} ${time} ${item.id ?? item.thing ?? ""}`;

/** One frame of the feed. */
function take(frame, known) {
  const { type, item } = frame;
  if (lines.some(({ key }) => key === keyOf(frame))) return; // the look back had it
  const id = item.incident ?? item.thing?.split("/")[1] ?? item.id;
  const line = lineOf(frame, incident(id) ?? { id, title: "" }, known);
  if (!line) return;
  gone.delete(id);
  if (type === "incident.reported" || (type === "showing.begun" && !known))
    speak(say(gettext("New incident: %(title)s"), { title: line.text }));
  lines = [{ ...line, fresh: true }, ...lines].slice(0, LINES);
  redraw();
}

/** Did it come after this event of the same log? */
function isAfter({ cursor }, event) {
  if (!event) return true;
  const [epoch, position] = cursor.split(":");
  const [known, last] = event.cursor.split(":");
  return epoch === known && Number(position) > Number(last);
}

/** An event about an incident as a line, null for what is not worth one. */
function lineOf({ cursor, type, time, actor, item }, { id, title, grade, home }, known = false) {
  const who = item.author_name ?? actorName(actor);
  const line = { cursor, key: keyOf({ type, time, item }), time, id, grade, home, text: title, who };
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
  else if (type === "plan.activated")
    Object.assign(line, { kind: gettext("Plan activated"), detail: `${item.level_name} ${item.plan_name}` });
  else if (type === "plan.ended")
    Object.assign(line, { kind: gettext("Response ended"), detail: `${item.level_name} ${item.plan_name}` });
  else if (TASK_STEPS.has(type))
    Object.assign(line, { kind: `${gettext("Task")} ${stepName(item.kind)}`, detail: item.text });
  else if (type === "directive.recorded")
    Object.assign(line, { kind: gettext("Directive"), detail: `${item.post} ${item.leader}` });
  else if (type === "task.reminded")
    Object.assign(line, { kind: gettext("Directive not answered"), detail: `${item.percent}%` });
  else if (type === "report.made" || type === "report.issued")
    Object.assign(line, { kind: reportName(item), detail: item.recipient });
  else if (type === "report.taken") Object.assign(line, { kind: gettext("Report taken") });
  else if (type === "draft.submitted" || (type === "draft.closed" && item.state !== "signed"))
    Object.assign(line, { kind: draftName(item), who: item.closed_by_name || who });
  else if (type.startsWith("deadline.")) return told(line, deadlineEvent(item, type));
  else if (type.startsWith("round.")) return told(line, roundEvent(item, type));
  else if (type === "supplement.reminded") return told(line, supplementEvent(item));
  else if (known || UNTOLD.has(type)) return null;
  return line;
}

const told = (line, said) => said && { ...line, ...said };

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
            line.proposal && el("span", { class: "mark", text: gettext("Proposal (not in force)") }),
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
