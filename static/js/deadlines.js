/* Deadlines: the limits of first reports that run on this desk, under the header, nearest first; a
   reminder is told on the screen and by a sound. Promises: what runs stands there until its report is
   made, overdue in words; only whom the office has named is reminded; a sound that the browser does
   not allow yet says so. Must not know: which limit holds, when a reminder is due (the node says). */

import { get, query } from "./api.js";
import { button, byId, el, fill } from "./dom.js";
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
const AGAIN = 5000; // ms after which their order is looked at again
const running = new Map(); // id -> a deadline of the API
const reminders = new Map(); // id of a deadline -> what closes its last notice
let open = () => {};
let all = false;

export async function startDeadlines({ me, open: opener }) {
  open = opener;
  startSound();
  on("activity", (frame) => take(frame, me));
  on("gone", ({ id }) => forget(({ incident: about }) => about === id));
  on("incidents", draw);
  await loadDeadlines();
  setInterval(draw, AGAIN);
}

/** Ask the node what runs. */
export async function loadDeadlines() {
  const found = await get(`deadlines?${query({ realm: REALM })}`).catch(() => null);
  if (!found) return; // what is known stays
  running.clear();
  for (const one of found) running.set(one.id, one);
  draw();
}

function forget(is) {
  for (const [id, one] of running) if (is(one)) running.delete(id);
  draw();
}

function take({ type, item }, me) {
  if (type === "deadline.started") running.set(item.id, item);
  else if (type === "deadline.met" || type === "deadline.stopped") end(item.deadline);
  else if (type === "deadline.reminded") remind(item, me);
  else return;
  draw();
}

function end(id) {
  running.delete(id);
  reminders.get(id)?.();
  reminders.delete(id);
}

function remind({ deadline, report, percent, roles, incident: about, home }, me) {
  if (home !== HERE || !roles.includes(me.role)) return;
  const text =
    percent < 100
      ? gettext("%(percent)s of the time has passed: %(report)s, %(title)s")
      : gettext("Overdue: %(report)s, %(title)s");
  const title = incident(about)?.title ?? "";
  const said = say(text, { percent: `${percent}%`, report: KINDS[report], title });
  const act = [gettext("Open the reports"), () => open(about, "reports")];
  reminders.get(deadline)?.();
  reminders.set(deadline, toast(said, { act, stays: true, bad: percent >= 100 }));
  speak(said);
  ring(percent);
}

function draw() {
  const node = byId("deadline-list");
  const here = [...running.values()].filter(({ incident: id }) => {
    const about = incident(id);
    return about && !isForeign(about);
  });
  const left = (one) => Date.parse(dueAt(one)) - Date.parse(one.started_at) - passed(one);
  const sorted = here.sort((a, b) => left(a) - left(b));
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  byId("deadlines").hidden = !sorted.length;
  const text = JSON.stringify([shown.map(({ id }) => id), sorted.length, all, shown.map(titleOf)]);
  if (node.dataset.text === text) return;
  node.dataset.text = text;
  fill(
    node,
    el("strong", { text: gettext("Limits") }),
    el("ul", { class: all ? "is-all" : "" }, shown.map(chip)),
    sorted.length > SHOWN &&
      button(
        all ? gettext("Fewer") : say(gettext("%(n)s more"), { n: sorted.length - SHOWN }),
        () => {
          all = !all;
          draw();
        },
        { class: "text", "aria-expanded": String(all) },
      ),
  );
}

const passed = ({ started_at: from }) => deskTime(Date.now()) - deskTime(Date.parse(from));
const titleOf = ({ incident: id }) => incident(id)?.title ?? "";

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

const stepTitle = ({ kind, report, percent, late }) =>
  kind === "reminded"
    ? say(gettext("Reminded at %(percent)s: %(report)s"), { percent: `${percent}%`, report: KINDS[report] })
    : say(gettext("%(report)s late by %(n)s minutes"), { report: KINDS[report], n: late });

/** The same as an event of the activity: what it is called, and about which report. */
export function deadlineEvent({ percent, late, report }, type) {
  const detail = KINDS[report];
  if (type === "deadline.reminded")
    return { kind: say(gettext("%(percent)s of the limit"), { percent: `${percent}%` }), detail, who: "" };
  if (type === "deadline.met" && late)
    return { kind: say(gettext("late by %(n)s minutes"), { n: late }), detail, who: "" };
  return null;
}
