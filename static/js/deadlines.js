/* Deadlines: the limits of first reports that run on this desk, under the header, the next first; a
   reminder is told on the screen and by a sound. Promises: what runs stands there until its report is
   made, overdue in words; only whom the office has named is reminded; a sound that the browser does
   not allow yet says so. What else is due stands there too (addDue). Must not know: which limit holds, when a reminder is due (the node says). */

import { get, query } from "./api.js";
import { now } from "./clock.js";
import { button, byId, el, fill, paced } from "./dom.js";
import { due } from "./due.js";
import { KINDS } from "./firstreports.js";
import { dueAt, limitsOf } from "./limits.js";
import { line } from "./lines.js";
import { HERE, isForeign } from "./nodes.js";
import { deskTime } from "./pace.js";
import { REALM } from "./realm.js";
import { ring, startSound } from "./sound.js";
import { all as incidents, incident, on } from "./store.js";
import { toast } from "./toast.js";
import { OPEN_STATES, say } from "./words.js";

const ROOM = 600; // px of a limit with its title; more are counted, and shown on a click
const room = ({ about }) => (about ? 1.5 * ROOM : ROOM);

/** As many of these as have room beside each other, the first always. */
function fitting(all) {
  let left = innerWidth;
  return all.filter((one, place) => (left -= room(one)) >= 0 || !place);
}
const SHORT = { phone: gettext("by phone"), written: gettext("in writing") };
const TOGETHER = 400; // ms of reminders that are heard together
const TEXTS = {
  near: gettext("%(percent)s of the time has passed: %(report)s, %(title)s"),
  overdue: gettext("Overdue: %(report)s, %(title)s"),
  several: gettext("%(n)s limits of reports come near"),
  severalLate: gettext("%(n)s limits of reports come near, %(late)s are overdue"),
};
const [AGAIN, ASKED] = [5000, 30000]; // ms: their order is looked at again, the node is asked again
const MOVED = new Set(["incident.handed_over", "incident.taken_over", "showing.begun"]);
const running = new Map(); // id -> a limit of the API
const stated = new Set(); // ids of limits that incidents were seen to state
const together = []; // reminders that have just come
let missed = false; // it was to be asked while it was being asked
let since = null; // what came while the node was being asked
let beyond = { more: 0, late: 0 }; // how many more the node has, all of which end later
const unseen = new Map(); // id of a deadline -> the last reminder of it, until its notice is closed
let closeNotice = () => {};
let open = () => {};
let all = false;
const others = []; // what tells of other things that are due

/** Let this tell what else is due here: each as a limit of the API, with its words (`label`, `long`,
 * `about`) and the `tab` that it leads to. Returns what says that it is something else now. */
export function addDue(source) {
  others.push(source);
  return redraw;
}

export async function startDeadlines({ me, open: opener }) {
  open = opener;
  startSound();
  on("activity", (frame) => take(frame, me));
  on("gone", ({ id }) => forget(({ incident: about }) => about === id));
  on("arrived", reload);
  on("incidents", look);
  await loadDeadlines();
  addEventListener("resize", redraw);
  setInterval(draw, AGAIN);
  setInterval(loadDeadlines, ASKED);
}

/** Ask the node what runs. */
export async function loadDeadlines() {
  if (since) {
    missed = true; // what is on its way may be older
    return;
  }
  since = [];
  const found = await get(`deadlines?${query({ realm: REALM })}`).catch(() => null);
  const later = since;
  since = null;
  if (missed) reload();
  missed = false;
  if (!found) return; // what is known stays
  running.clear();
  for (const one of found.items) running.set(one.id, one);
  beyond = found;
  for (const one of incidents()) isFresh(one);
  later.forEach((act) => act()); // the answer may be older than these
  for (const id of [...unseen.keys()]) if (!running.has(id)) end(id);
  draw();
}

function forget(is) {
  for (const [id, one] of [...running]) if (is(one)) end(id);
  draw();
}

function take({ type, item }, me) {
  if (MOVED.has(type)) reload();
  else if (type === "incident.reported" && isFresh(item)) begin(item);
  else if (type === "deadline.reminded") remind(item, me);
  else if (type.startsWith("deadline.")) keep(() => end(item.deadline));
}

/** All the limits run that an incident states when it is reported. */
function begin(item) {
  keep(() => {
    for (const one of limitsOf(item)) running.set(one.id, { ...one, incident: item.id });
  });
}

/** Which of the limits run that an incident states otherwise, the node is asked. */
function look(ids) {
  const known = [...ids].map(incident).filter(Boolean);
  if (known.filter(isFresh).length) reload();
  redraw();
}

/** Does an open incident of this node state a limit that was not seen before? */
function isFresh(one) {
  if (one.home !== HERE || !OPEN_STATES.includes(one.state)) return false;
  const found = limitsOf(one).filter(({ id }) => !stated.has(id));
  for (const { id } of found) stated.add(id);
  return found.length > 0;
}

/** Change what runs, also what the answer that is on its way tells. */
function keep(act) {
  since?.push(act);
  act();
  redraw();
}

function end(id) {
  running.delete(id);
  if (unseen.delete(id)) tell();
}

/** What comes together is told together. */
function remind(item, me) {
  if (item.home !== HERE || !item.roles.includes(me.role)) return;
  if (!together.length) setTimeout(hear, TOGETHER);
  together.push(item);
}

function hear() {
  const found = together.splice(0);
  for (const one of found) unseen.set(one.deadline, one);
  ring(Math.max(...found.map(({ percent }) => percent)));
  tell();
}

/** One notice of all reminders that nobody has closed: more would hide what they are about. */
function tell() {
  closeNotice();
  const found = [...unseen.values()];
  if (!found.length) return;
  const late = found.filter(({ percent }) => percent >= 100).length;
  const [last] = found.slice(-1);
  const alone = found.length === 1;
  const text = alone ? (late ? TEXTS.overdue : TEXTS.near) : late ? TEXTS.severalLate : TEXTS.several;
  const said = say(text, {
    percent: `${last.percent}%`,
    report: KINDS[last.report],
    title: incident(last.incident)?.title ?? "",
    n: found.length,
    late,
  });
  const act = alone
    ? [gettext("Open the reports"), () => open(last.incident, "reports")]
    : [gettext("Show them"), showAll];
  closeNotice = toast(said, { act, stays: true, bad: late > 0, closed: () => unseen.clear() });
}

function showAll() {
  all = true;
  draw();
}

const redraw = paced(500, draw);
const reload = paced(1000, loadDeadlines);

function draw() {
  const node = byId("deadline-list");
  const limits = [...running.values()].filter((one) => {
    const about = incident(one.incident);
    return about ? !isForeign(about) : "title" in one; // the node told it
  });
  const here = [...limits, ...others.flatMap((source) => source())];
  const coming = here.filter((one) => left(one) >= 0).sort((a, b) => left(a) - left(b));
  const over = here.filter((one) => left(one) < 0).sort((a, b) => left(b) - left(a));
  // what has just passed and what comes next; what has long passed hides neither
  const [owed, next] = [coming.filter((one) => one.owed), coming.filter((one) => !one.owed)];
  const first = fitting([...over.slice(0, 1), ...owed, ...next, ...over.slice(1)]);
  const shown = all ? [...over, ...coming] : first;
  const late = over.length + beyond.late;
  const more = here.length + beyond.more - first.length;
  byId("deadlines").hidden = !here.length;
  const text = JSON.stringify([shown.map(({ id }) => id), more, late, all, shown.map(titleOf), shown.map(({ about }) => about)]);
  if (node.dataset.text === text) return;
  node.dataset.text = text;
  fill(
    node,
    el("strong", { text: gettext("Limits") }),
    el("ul", { class: all ? "is-all" : "" }, shown.map(chip)),
    more > 0 &&
      button(
        moreText(more, late),
        () => {
          all = !all;
          draw();
        },
        { class: late > 1 ? "text is-late" : "text", "aria-expanded": String(all) },
      ),
  );
}

function moreText(n, late) {
  if (all) return gettext("Fewer");
  return say(late > 1 ? gettext("%(n)s more, %(late)s overdue") : gettext("%(n)s more"), { n, late });
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
      { type: "button", class: "bare deadline", data: { deadline: one.id }, on: { click: () => open(one.incident, one.tab ?? "reports") } },
      el("span", { class: "deadline-kind", text: one.label ?? SHORT[one.kind], title: one.long ?? KINDS[one.kind] }),
      el("span", { class: "deadline-title", text: titleOf(one) }),
      one.about && el("span", { class: "deadline-about", text: one.about }),
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
