/* Directives: what leaders have said about an incident, and the form that records it and gives the
   units their tasks. Promises: the words stand as they were given; what was spoken is recorded when it
   was read back; words that were typed outlive a reload; pressing twice is one. Must not know: how its tasks
   are answered (tasks.js). */

import { now, readTime, stamp, writeTime } from "./clock.js";
import { post } from "./api.js";
import { ask } from "./ask.js";
import { button, el, fill, labelled } from "./dom.js";
import { discard, keep, recall } from "./draft.js";
import { line } from "./lines.js";
import { HERE } from "./nodes.js";
import { sameId } from "./requestforms.js";
import { everyOrganisation, nameOf } from "./sharing.js";
import { ring } from "./sound.js";
import { incident as known, on, takeDetail } from "./store.js";
import { speak, toast } from "./toast.js";
import { listed, named, OPEN_STATES, say } from "./words.js";

const CHANNELS = {
  written: gettext("In writing"),
  phone: gettext("By phone"),
  oral: gettext("By word of mouth"),
  meeting: gettext("At a meeting"),
};
const SPOKEN = ["phone", "oral"];
const HOURS = [1, 2, 4, 8, 24, 48, 72];

/** Say to whom it concerns that nobody has answered yet. */
export function startDirectives({ open, me }) {
  on("activity", ({ type, item }, again) => {
    if (type !== "task.reminded" || again) return;
    const about = known(item.incident);
    const asked = item.organisation === me.organisation || (me.everywhere && item.node === HERE);
    if (!about || !(asked || (item.home === HERE && item.roles.includes(me.role)))) return;
    const words =
      item.percent < 100
        ? gettext("A directive waits for feedback, %(percent)s per cent of its time have passed: %(title)s")
        : gettext("A directive waits for feedback, its time is over: %(title)s");
    const said = say(words, { percent: item.percent, title: about.title });
    const act = [gettext("Open the incident"), () => open(item.incident, "tasks")];
    toast(said, { act, stays: true, bad: item.percent >= 100 });
    speak(said);
    ring(item.percent);
  });
}

/** The steps of a directive's task that count: of who recorded it and of the unit's node, a decision
 * of the former alone; what a unit calls done is a feedback. */
export const countedOf = (task, steps) =>
  steps
    .filter(({ home, kind }) => home === task.home || (home === task.node && kind !== "returned"))
    .map((step) =>
      step.home !== task.home && step.kind === "done" ? { ...step, kind: "feedback" } : step,
    );

/** Where its unit stands, by the steps that count. */
export function directiveState(steps) {
  if (steps.some(({ kind }) => kind === "done")) return "done";
  const moved = steps.findLast(({ kind }) => kind === "feedback" || kind === "returned");
  return moved?.kind ?? (steps.length ? "acknowledged" : "issued");
}

/** The section; null where there is nothing to show and nothing to record. */
export function directivesView(incident, more, { me }) {
  const all = [...more.directives.values()].sort(
    (a, b) => Date.parse(b.received_at) - Date.parse(a.received_at),
  );
  const may = me.verbs.includes("directive.record") && OPEN_STATES.includes(incident.state);
  if (!all.length && !may) return null;
  const host = el("div", { data: { asks: `directive.${incident.id}` } });
  const begin = button(
    gettext("Record a directive…"),
    () => askDirective(host, incident).catch(({ message }) => toast(message, { bad: true })),
    { data: { act: "directive" } },
  );
  return el(
    "section",
    { class: "directives" },
    all.length > 0 && el("h3", { text: gettext("Directives") }),
    all.map(view),
    may && el("div", { class: "step-buttons" }, begin),
    host,
  );
}

const view = (one) =>
  el(
    "div",
    { class: "directive", data: { directive: one.id } },
    el(
      "p",
      {},
      el("strong", { text: `${one.post} ${one.leader}` }),
      " ",
      el("span", { class: "mark", text: CHANNELS[one.channel] }),
      one.read_back && el("span", { class: "mark", text: gettext("read back") }),
    ),
    el("p", { class: "line-text", text: one.text }),
    el("p", {
      class: "meta",
      text: say(gettext("received %(time)s · feedback due %(due)s · %(who)s"), {
        time: stamp(one.received_at),
        due: stamp(one.due_at),
        who: unitsOf(one),
      }),
    }),
  );

const unitsOf = ({ units }) =>
  listed(units.map((one) => nameOf(one.organisation, one.organisation_name)));

async function askDirective(host, incident) {
  const all = await everyOrganisation();
  const draft = `directive.${incident.id}`;
  const kept = recall(draft) ?? {};
  const box = (tag, name, label, max) =>
    el(tag, { rows: 3, maxlength: max, name, "aria-label": label, value: kept[name] ?? "" });
  const leader = box("input", "leader", gettext("Leader"), 60);
  const rank = box("input", "post", gettext("Post"), 120);
  const text = box("textarea", "text", gettext("Words of the directive"), 4000);
  const what = box("textarea", "what", gettext("What the units are to do"), 500);
  const typed = [leader, rank, text, what];
  for (const field of typed)
    field.addEventListener("input", () =>
      keep(draft, Object.fromEntries(typed.map(({ name, value }) => [name, value]))),
    );
  const channel = select(gettext("Channel"), Object.entries(CHANNELS));
  const opened = new Date(now()).toISOString();
  const proposed = writeTime(opened);
  const time = el("input", { maxlength: 20, "aria-label": gettext("When it was received"), value: proposed });
  const readBack = el("input", { type: "checkbox" });
  const spoken = el("label", { class: "check" }, readBack, " ", gettext("Read back to the leader"));
  const showSpoken = () => (spoken.hidden = !SPOKEN.includes(channel.value));
  channel.addEventListener("change", showSpoken);
  showSpoken();
  const hours = select(
    gettext("Feedback within"),
    HOURS.map((n) => [n, say(ngettext("%(n)s hour", "%(n)s hours", n), { n })]),
  );
  hours.value = "24";
  const units = all.map((one) => [one.code, named(one)]);
  const lead = select(gettext("Leading unit"), [["", gettext("choose")], ...units]);
  const assist = select(gettext("Assisting units"), units);
  Object.assign(assist, { multiple: true, size: 4 });
  assist.selectedIndex = -1;
  const idOf = sameId();
  ask(host, {
    title: gettext("Record a directive"),
    extra: [leader, rank, channel, time, spoken, text, what, hours, lead, assist].map((control) =>
      control === spoken ? spoken : labelled(control),
    ),
    act: gettext("Record and pass on"),
    focus: leader,
    send: async () => {
      const at = time.value === proposed ? opened : readTime(time.value);
      const lacking = [...typed, lead].find(({ value }) => !value.trim()) ?? (at ? null : time);
      if (lacking) {
        lacking.focus();
        throw new Error(say(gettext("%(field)s: say it."), { field: lacking.ariaLabel }));
      }
      const words = Object.fromEntries(typed.map(({ name, value }) => [name, value.trim()]));
      const body = {
        ...words,
        channel: channel.value,
        received_at: at,
        read_back: !spoken.hidden && readBack.checked,
        lead: lead.value,
        assist: [...assist.selectedOptions].map(({ value }) => value),
      };
      const id = idOf({ ...body, hours: hours.value });
      const due = new Date(now() + Number(hours.value) * 3600000).toISOString();
      dues.set(id, dues.get(id) ?? due); // sent again it is due when it was
      takeDetail(await post(`incidents/${incident.id}/directives`, { id, ...body, due_at: dues.get(id) }));
      discard(draft);
    },
  });
}

const dues = new Map(); // id of what was sent -> when feedback is due

const select = (label, options) => {
  const control = el("select", { "aria-label": label });
  fill(
    control,
    options.map(([value, text]) => el("option", { value, text })),
  );
  return control;
};

/** Directives and their reminders as lines of the timeline. */
export const directiveLines = ({ directives, task_reminders: reminders, tasks }) => [
  ...[...directives.values()].map((one) =>
    line(
      one.recorded_at,
      say(gettext("Directive of %(post)s %(leader)s, to: %(who)s"), { ...one, who: unitsOf(one) }),
      one.author_name,
      `${one.text}\n${one.what}`,
    ),
  ),
  ...[...reminders.values()].map((one) => {
    const who = nameOf(one.organisation, tasks.get(one.task)?.organisation_name);
    const words = gettext("Directive not answered at %(percent)s per cent of its time: %(who)s");
    return line(one.recorded_at, say(words, { percent: one.percent, who }), "");
  }),
];
