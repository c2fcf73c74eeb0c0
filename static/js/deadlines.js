/* Deadlines: the limits of first reports that run on this desk, under the header, the next first; a
   reminder is told on the screen and by a sound. Promises: what runs stands there until its report is
   made, overdue in words; only whom the office has named is reminded; a sound that the browser does
   not allow yet says so. Must not know: which limit holds, when a reminder is due (the node says). */

import { get, query } from "./api.js";
import { now } from "./clock.js";
import { button, byId, el, fill, paced } from "./dom.js";
import { due } from "./due.js";
import { KINDS } from "./firstreports.js";
import { dueAt } from "./limits.js";
import { line } from "./lines.js";
import { HERE, isForeign } from "./nodes.js";
import { deskTime } from "./pace.js";
import { REALM } from "./realm.js";
import { ring, startSound } from "./sound.js";
import { incident, on } from "./store.js";
import { speak, toast } from "./toast.js";
import { say } from "./words.js";

const SHOWN = 2; // more are counted, and shown on a click
const SHORT = { phone: gettext("by phone"), written: gettext("in writing") };
const [TOGETHER, APART] = [400, 3]; // ms of reminders that are told together, how many still apart
const [AGAIN, ASKED] = [5000, 30000]; // ms: their order is looked at again, the node is asked again
const MOVED = new Set(["incident.handed_over", "incident.taken_over", "showing.begun"]);
const running = new Map(); // id -> a deadline of the API
const together = []; // reminders that have just come
let since = null; // what came while the node was being asked
let older = 0; // how many more the node has, all begun before these
const reminders = new Map(); // id of a deadline -> what closes its last notice
let open = () => {};
let all = false;

export async function startDeadlines({ me, open: opener }) {
  open = opener;
  startSound();
  on("activity", (frame) => take(frame, me));
  on("gone", ({ id }) => forget(({ incident: about }) => about === id));
  on("arrived", reload);
  on("incidents", redraw);
  await loadDeadlines();
  setInterval(draw, AGAIN);
  setInterval(loadDeadlines, ASKED);
}

/** Ask the node what runs. */
export async function loadDeadlines() {
  if (since) return;
  since = [];
  const found = await get(`deadlines?${query({ realm: REALM })}`).catch(() => null);
  const later = since;
  since = null;
  if (!found) return; // what is known stays
  running.clear();
  for (const one of found.items) running.set(one.id, one);
  older = found.more;
  later.forEach(keep); // the answer may be older than these
  for (const id of [...reminders.keys()]) if (!running.has(id)) end(id);
  draw();
}

function forget(is) {
  for (const [id, one] of [...running]) if (is(one)) end(id);
  draw();
}

function take({ type, item }, me) {
  if (MOVED.has(type)) return reload();
  if (!type.startsWith("deadline.")) return;
  since?.push({ type, item });
  if (type === "deadline.reminded") remind(item, me);
  else keep({ type, item });
  redraw();
}

/** One that begins or ends. */
function keep({ type, item }) {
  if (type === "deadline.started") running.set(item.id, item);
  else if (type !== "deadline.reminded") end(item.deadline);
}

function end(id) {
  running.delete(id);
  reminders.get(id)?.();
  reminders.delete(id);
}

/** What comes together is told together: a flood of notices would hide what they are about. */
function remind(item, me) {
  if (item.home !== HERE || !item.roles.includes(me.role)) return;
  if (!together.length) setTimeout(tell, TOGETHER);
  together.push(item);
}

function tell() {
  const found = together.splice(0);
  const late = found.filter(({ percent }) => percent >= 100).length;
  ring(Math.max(...found.map(({ percent }) => percent)));
  if (found.length <= APART) return found.forEach(tellOne);
  const text = late
    ? gettext("%(n)s limits of reports come near, %(late)s are overdue")
    : gettext("%(n)s limits of reports come near");
  const said = say(text, { n: found.length, late });
  toast(said, { act: [gettext("Show them"), showAll], stays: true, bad: late > 0 });
  if (!late) speak(said);
}

function showAll() {
  all = true;
  draw();
}

function tellOne({ deadline, report, percent, incident: about }) {
  const text =
    percent < 100
      ? gettext("%(percent)s of the time has passed: %(report)s, %(title)s")
      : gettext("Overdue: %(report)s, %(title)s");
  const title = incident(about)?.title ?? "";
  const said = say(text, { percent: `${percent}%`, report: KINDS[report], title });
  const act = [gettext("Open the reports"), () => open(about, "reports")];
  reminders.get(deadline)?.();
  reminders.set(deadline, toast(said, { act, stays: true, bad: percent >= 100 }));
  if (percent < 100) speak(said); // what is bad is said by its notice
}

const redraw = paced(500, draw);
const reload = paced(1000, loadDeadlines);

function draw() {
  const node = byId("deadline-list");
  const here = [...running.values()].filter((one) => {
    const about = incident(one.incident);
    return about ? !isForeign(about) : "title" in one; // the node told it
  });
  const coming = here.filter((one) => left(one) >= 0).sort((a, b) => left(a) - left(b));
  const over = here.filter((one) => left(one) < 0).sort((a, b) => left(b) - left(a));
  const sorted = [...coming, ...over]; // what has long passed hides nothing that can still be kept
  const late = over.length + older;
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  byId("deadlines").hidden = !sorted.length;
  const text = JSON.stringify([shown.map(({ id }) => id), sorted.length, late, all, shown.map(titleOf)]);
  if (node.dataset.text === text) return;
  node.dataset.text = text;
  fill(
    node,
    el("strong", { text: gettext("Limits") }),
    el("ul", { class: all ? "is-all" : "" }, shown.map(chip)),
    late > 0 && el("span", { class: "late", text: say(gettext("%(n)s overdue"), { n: late }) }),
    sorted.length > SHOWN &&
      button(
        all ? gettext("Fewer") : say(gettext("%(n)s more"), { n: sorted.length - SHOWN + older }),
        () => {
          all = !all;
          draw();
        },
        { class: "text", "aria-expanded": String(all) },
      ),
  );
}

/** Milliseconds until a deadline passes, by this desk's time. */
const left = (one) => Date.parse(dueAt(one)) - Date.parse(one.started_at) - passed(one);
const passed = ({ started_at: from }) => deskTime(now()) - deskTime(Date.parse(from));
const titleOf = ({ incident: id, title = "" }) => incident(id)?.title ?? title;

const chip = (one) =>
  el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "bare deadline", data: { deadline: one.id }, on: { click: () => open(one.incident, "reports") } },
      el("span", { class: "deadline-kind", text: SHORT[one.kind], title: KINDS[one.kind] }),
      el("span", { class: "deadline-title", text: titleOf(one) }),
      due({ due_at: dueAt(one), recorded_at: one.started_at }),
    ),
  );

/** What became of deadlines, as lines of the timeline. */
export function deadlineLines({ deadline_steps: steps }) {
  return [...steps.values()]
    .filter((step) => step.kind === "reminded" || step.late)
    .map((step) => line(step.recorded_at, stepTitle(step), gettext("by the clock")));
}

function stepTitle({ kind, report, percent, late }) {
  const said = { report: KINDS[report], percent: `${percent}%`, n: late };
  if (kind === "reminded") return say(gettext("Reminded at %(percent)s: %(report)s"), said);
  if (kind === "stopped") return say(gettext("%(report)s not made, overdue by %(n)s minutes"), said);
  return say(gettext("%(report)s late by %(n)s minutes"), said);
}

/** The same as an event of the activity: what it is called, and about which report. */
export function deadlineEvent({ percent, late, report }, type) {
  const detail = KINDS[report];
  if (type === "deadline.reminded")
    return { kind: say(gettext("%(percent)s of the limit"), { percent: `${percent}%` }), detail, who: "" };
  if (type === "deadline.met" && late)
    return { kind: say(gettext("late by %(n)s minutes"), { n: late }), detail, who: "" };
  if (type === "deadline.stopped" && late)
    return { kind: say(gettext("overdue by %(n)s minutes"), { n: late }), detail, who: "" };
  return null;
}
