/* Limits: how the limit of a first report stands, in words. Promises: the rule is named, the default and
   what nobody has checked are marked; late is late for good, in minutes. Must not know: what else runs
   on the desk (deadlines.js). */

import { el } from "./dom.js";
import { due } from "./due.js";
import { say } from "./words.js";

const MINUTE = 60000;

/** When a deadline passes, by the wall where no other clock runs. */
export const dueAt = ({ started_at: from, minutes }) =>
  new Date(Date.parse(from) + minutes * MINUTE).toISOString();

/** The limits that an incident states; what could not be shown is none. */
export const limitsOf = ({ limits }) =>
  Array.isArray(limits) ? limits.filter((one) => one?.minutes > 0 && Date.parse(one.started_at) > 0) : [];

/** How the limit of a kind of report stands, of those that the incident states: {deadline, step,
 * before}, step where it has ended; before are those of an earlier class or grade that were overdue
 * by then. */
export function standing(kind, incident, more) {
  const steps = [...more.deadline_steps.values()].filter((step) => step.kind !== "reminded");
  const own = limitsOf(incident)
    .filter((one) => one.kind === kind)
    .map((deadline) => ({ deadline, step: steps.find((step) => step.deadline === deadline.id) }));
  const changed = ({ step }) => step?.reason === "changed";
  const last = own.findLast((one) => !changed(one));
  return last ? { ...last, before: own.filter((one) => changed(one) && one.step.late) } : null;
}

/** A limit in words: how long, by what rule, how it stands. */
export function limitView({ deadline, step, before }) {
  const { minutes, source, plan } = deadline;
  return [
    el("span", {
      class: "meta",
      title: source,
      text: say(gettext("within %(n)s minutes of receipt (%(plan)s)"), {
        n: minutes,
        plan: plan || source,
      }),
    }),
    deadline.default && el("span", { class: "mark", text: gettext("Default limit") }),
    !deadline.verified && el("span", { class: "mark", text: gettext("Limit not checked") }),
    before.map((one) =>
      el("span", {
        class: "late",
        text: say(gettext("before, within %(limit)s minutes: overdue by %(n)s"), {
          limit: one.deadline.minutes,
          n: one.step.late,
        }),
      }),
    ),
    standingView(deadline, step),
  ];
}

function standingView(deadline, step) {
  if (!step) return due({ due_at: dueAt(deadline), recorded_at: deadline.started_at });
  const late = (text) => el("span", { class: "late", text: say(text, { n: step.late }) });
  if (step.kind === "stopped")
    return [
      el("span", { class: "meta", text: gettext("does not run any more") }),
      step.late > 0 && late(gettext("overdue by %(n)s minutes")),
    ];
  return step.late
    ? late(gettext("late by %(n)s minutes"))
    : el("span", { class: "in-time", text: gettext("in time") });
}
