/* Plans: the plans of this node, and the form that activates one on an incident. Promises: what an
   activation has to state is asked for, and who gets how many tasks is said before it is done; what
   was typed outlives a reload; pressing twice is one activation. Must not know: how tasks look. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { el, fill, labelled } from "./dom.js";
import { discard, keep, recall } from "./draft.js";
import { sameId } from "./requestforms.js";
import { acts, nameOf } from "./sharing.js";
import { takeDetail } from "./store.js";
import { listed, say } from "./words.js";

const HOURS = [6, 12, 24, 48, 72];
let known = null; // promise of the plans in force

/** The plans in force; asked for again where that failed. */
export function plans() {
  known ??= get("plans").catch((problem) => {
    known = null;
    throw problem;
  });
  return known;
}

/** Is this plan for incidents of that class? */
export const suits = (plan, { type_code: code }) =>
  plan.type_codes.some((beginning) => code.startsWith(beginning));

/** Ask what to activate, and do it. */
export async function askActivation(host, incident, more) {
  const all = await plans();
  const fitting = [...all].sort((a, b) => suits(b, incident) - suits(a, incident));
  const draft = `activation.${incident.id}`;
  const kept = recall(draft) ?? {};
  const plan = select(
    gettext("Plan"),
    fitting.map((one) => [
      one.code,
      suits(one, incident) ? one.name : say(gettext("%(name)s (for other classes)"), one),
    ]),
  );
  const level = select(gettext("Level"), []);
  const hours = select(
    gettext("Expected to last"),
    HOURS.map((n) => [n, say(ngettext("%(n)s hour", "%(n)s hours", n), { n })]),
  );
  hours.value = "24";
  const matter = input("input", gettext("What is responded to"), 300, kept.matter ?? incident.title);
  const measures = input("textarea", gettext("Measures"), 4000, kept.measures ?? incident.measures);
  const says = el("ul", { class: "says" });
  const when = el("p", { class: "meta" });
  for (const field of [matter, measures])
    field.addEventListener("input", () =>
      keep(draft, { matter: matter.value, measures: measures.value }),
    );
  const chosen = () => fitting.find((one) => one.code === plan.value);
  const showLevels = () => {
    const levels = chosen()?.levels ?? [];
    fill(
      level,
      levels.map((one) => el("option", { value: one.code, text: one.name })),
    );
    const ended = endedOf(more);
    const now = [...more.activations.values()]
      .filter((one) => !ended.has(one.id))
      .sort((a, b) => Date.parse(a.recorded_at) - Date.parse(b.recorded_at))
      .findLast((one) => one.plan === plan.value);
    if (now) level.value = now.level;
    tell();
  };
  const tell = () => {
    const one = chosen();
    if (!one) return;
    const place = one.levels.findIndex(({ code }) => code === level.value);
    const within = one.levels.slice(0, place + 1).map(({ code }) => code);
    when.textContent = one.levels[place]?.when ?? "";
    const gone = endedOf(more);
    const issued = new Set(
      [...more.tasks.values()]
        .filter((task) => task.plan === one.code && !gone.has(task.activation))
        .map(({ no }) => no),
    );
    const tasks = one.tasks.filter((task) => within.includes(task.level) && !issued.has(task.no));
    const codes = [...new Set(tasks.map((task) => task.organisation))];
    const { every } = one.levels[place] ?? {};
    const reporting = every ? one.reporters.filter(acts) : [];
    const absent = codes.filter((code) => !acts(code));
    const sentence = ngettext(
      "%(n)s task is issued, to: %(who)s",
      "%(n)s tasks are issued, to: %(who)s",
      tasks.length,
    );
    fill(
      says,
      el("li", {
        text: tasks.length
          ? say(sentence, { n: tasks.length, who: listed(codes.map((code) => nameOf(code))) })
          : gettext("No task is added: all of this level are issued already."),
      }),
      el("li", {
        text: absent.length
          ? gettext("Who of them takes part sees the incident from now on, at the own node too.")
          : gettext("They see the incident from now on, at their own nodes too."),
      }),
      absent.length > 0 &&
        el("li", {
          text: say(
            gettext("Not playing, whoever controls or simulates answers for it: %(who)s"),
            { who: listed(absent.map((code) => nameOf(code))) },
          ),
        }),
      reporting.length > 0 &&
        el("li", {
          text: say(
            gettext("Every %(n)s minutes these report, also that nothing is new, and see the incident from now on: %(who)s"),
            { n: every, who: listed(reporting.map((code) => nameOf(code))) },
          ),
        }),
      !one.verified &&
        el("li", { text: gettext("This plan is not checked by an office yet.") }),
    );
  };
  plan.addEventListener("change", showLevels);
  level.addEventListener("change", tell);
  showLevels();
  const idOf = sameId();
  ask(host, {
    title: gettext("Activate a plan"),
    extra: [
      labelled(plan),
      labelled(level),
      when,
      labelled(hours),
      labelled(matter),
      labelled(measures),
      says,
    ],
    act: gettext("Activate"),
    focus: level,
    send: async () => {
      for (const field of [matter, measures]) {
        if (field.value.trim()) continue;
        field.focus();
        throw new Error(say(gettext("%(field)s: say it."), { field: field.ariaLabel }));
      }
      const body = {
        plan: plan.value,
        level: level.value,
        hours: Number(hours.value),
        matter: matter.value.trim(),
        measures: measures.value.trim(),
      };
      takeDetail(await post(`incidents/${incident.id}/activations`, { id: idOf(body), ...body }));
      discard(draft);
    },
  });
}

/** Ask why the response by this plan ends, and end it. */
export function askEnd(host, incident, activation) {
  const text = el("textarea", {
    rows: 3,
    maxlength: 4000,
    "aria-label": gettext("Why it ends"),
    placeholder: gettext("Why it ends"),
  });
  const idOf = sameId();
  ask(host, {
    title: say(gettext("End the response: %(plan)s"), { plan: activation.plan_name }),
    extra: [
      text,
      el("p", {
        class: "meta",
        text: gettext("Tasks that are not done stay as they are; their deadlines no longer run."),
      }),
    ],
    act: gettext("End the response"),
    focus: text,
    send: async () => {
      if (!text.value.trim()) {
        text.focus();
        throw new Error(gettext("Say why it ends."));
      }
      const body = { plan: activation.plan, text: text.value.trim() };
      takeDetail(await post(`incidents/${incident.id}/ends`, { id: idOf(body), ...body }));
    },
  });
}

/** Ids of activations that have ended. */
export const endedOf = (more) =>
  new Set([...more.ends.values()].flatMap(({ activations }) => activations));

const select = (label, options) =>
  el(
    "select",
    { "aria-label": label },
    options.map(([value, text]) => el("option", { value, text })),
  );

const input = (tag, label, maxlength, value) =>
  el(tag, { rows: tag === "textarea" ? 3 : null, maxlength, "aria-label": label, value });
