/* Tasks: what the activated plans of an incident ask for, and what was answered. Promises: the state
   of a task is what was really done about it; a deadline that passed is said in words and stays
   said; only who may answer is offered to. Must not know: the form of an activation (plans.js). */

import { post } from "./api.js";
import { ask } from "./ask.js";
import { stamp } from "./clock.js";
import { button, el } from "./dom.js";
import { countedOf, directiveState, directivesView } from "./directives.js";
import { due } from "./due.js";
import { line } from "./lines.js";
import { HERE, isForeign, nodeName } from "./nodes.js";
import { deskTime } from "./pace.js";
import { paperLinks } from "./papers.js";
import { askActivation, askEnd, endedOf } from "./plans.js";
import { sameId } from "./requestforms.js";
import { roundsView } from "./rounds.js";
import { acts, nameOf } from "./sharing.js";
import { incident as known, on, takePart } from "./store.js";
import { speak, toast } from "./toast.js";
import { OPEN_STATES, say } from "./words.js";

const STATES = {
  issued: gettext("Not acknowledged"),
  acknowledged: gettext("Acknowledged"),
  feedback: gettext("Feedback"),
  returned: gettext("Returned"),
  done: gettext("Done"),
};
const ANSWERS = {
  acknowledged: gettext("Acknowledge"),
  feedback: gettext("Feedback"),
  done: gettext("Done"),
  returned: gettext("Return"),
};
const ORDER = Object.keys(STATES);
export const stepName = (kind) => STATES[kind] ?? kind;
const together = new Map(); // id of an incident -> how many tasks have just come for this officer

/** Say what is issued to this officer. */
export function startTasks({ open, me }) {
  on("activity", ({ type, item }) => {
    if (type !== "task.issued" || (item.home === HERE && me.everywhere)) return;
    if (!isMine(item, me)) return;
    const id = item.incident;
    if (!together.has(id)) setTimeout(() => tell(id, open), 500);
    together.set(id, (together.get(id) ?? 0) + 1);
  });
}

function tell(id, open) {
  const n = together.get(id);
  together.delete(id);
  const about = known(id);
  if (!about) return;
  const text = ngettext("%(n)s task for you: %(title)s", "%(n)s tasks for you: %(title)s", n);
  const said = say(text, { n, title: about.title });
  toast(said, { act: [gettext("Open the incident"), () => open(id, "tasks")], stays: true });
  speak(said);
}

const isMine = (task, me) =>
  me.organisation === task.organisation || (me.everywhere && task.node === HERE);

const mayAnswer = (task, me) =>
  me.verbs.includes("task.answer") && (isMine(task, me) || (me.everywhere && task.home === HERE));

/** The steps of each task, oldest first, and its state. */
function standing(more) {
  const steps = [...more.task_steps.values()].sort(byTime);
  const gone = endedOf(more);
  return [...more.tasks.values()].map((task) => {
    const own = steps.filter((step) => step.task === task.id);
    const found = task.plan === "" ? more.directives.get(task.activation) : null;
    const directive = found?.home === task.home ? found : null;
    const counted = task.plan === "" ? countedOf(task, own) : own;
    const state = task.plan === "" ? directiveState(counted) : furthest(counted);
    return { task, directive, steps: counted, state, ended: state !== "done" && gone.has(task.activation) };
  });
}

const furthest = (steps) =>
  ORDER.findLast((kind) => steps.some((step) => step.kind === kind)) ?? "issued";

const took = (from, to) => deskTime(Date.parse(to)) - deskTime(Date.parse(from));

const byTime = (a, b) => Date.parse(a.recorded_at) - Date.parse(b.recorded_at);

/** The tab. */
export function tasksView(incident, more, { me }) {
  const all = standing(more).sort(
    (a, b) =>
      (a.state === "done" || a.ended) - (b.state === "done" || b.ended) ||
      Date.parse(a.task.due_at) - Date.parse(b.task.due_at) ||
      a.task.no - b.task.no,
  );
  const may = !isForeign(incident) && me.verbs.includes("plan.activate");
  const section = el("section", { class: "tasks" });
  const activations = [...more.activations.values()].sort(byTime).reverse();
  const gone = endedOf(more);
  const current = activations.filter(({ id }) => !gone.has(id));
  const latest = [...new Map(current.toReversed().map((one) => [one.plan, one])).values()];
  const host = el("div", { data: { asks: `plan.${incident.id}` } });
  const begin = button(
    current.length ? gettext("Change the level") : gettext("Activate a plan"),
    () => askActivation(host, incident, more).catch(({ message }) => toast(message, { bad: true })),
    { class: current.length ? "" : "primary", data: { act: "activate" } },
  );
  section.append(
    ...[
      ...activations.map((one) => activationView(one, endOf(more, one), me)),
      may &&
        el(
          "div",
          { class: "step-buttons" },
          OPEN_STATES.includes(incident.state) && begin,
          ...latest.map((one) =>
            button(
              latest.length > 1
                ? say(gettext("End the response: %(plan)s"), { plan: one.plan_name })
                : gettext("End the response"),
              () => askEnd(host, incident, one),
              { data: { act: "end" } },
            ),
          ),
        ),
      host,
      roundsView(incident, more, { me }),
      directivesView(incident, more, { me }),
      all.length ? el("p", { class: "meta task-count", text: counted(all.filter(({ ended }) => !ended)) }) : null,
      all.length ? el("ul", {}, all.map((one) => taskView(one, me))) : null,
      !activations.length &&
        el("p", { class: "empty", text: gettext("No plan is in force on this incident.") }),
    ].filter(Boolean),
  );
  return section;
}

function counted(all) {
  const n = (state) => all.filter((one) => one.state === state).length;
  return say(
    gettext("%(all)s tasks: %(waiting)s not acknowledged, %(under_way)s under way, %(done)s done"),
    {
      all: all.length,
      waiting: n("issued"),
      under_way: n("acknowledged") + n("feedback") + n("returned"),
      done: n("done"),
    },
  );
}

const endOf = (more, activation) =>
  [...more.ends.values()].find(({ activations }) => activations.includes(activation.id));

function activationView(one, end, me) {
  return el(
    "div",
    { class: end ? "activation is-ended" : "activation" },
    el(
      "p",
      {},
      el("strong", { text: one.level_name }),
      ` ${one.plan_name} `,
      end && el("span", { class: "mark", text: gettext("ended") }),
    ),
    el("p", { class: "line-text", text: one.matter }),
    el("p", { class: "line-text", text: one.measures }),
    el("p", {
      class: "meta",
      text: say(gettext("%(time)s %(who)s · expected until %(until)s"), {
        time: stamp(one.recorded_at),
        who: one.author_name,
        until: stamp(one.until),
      }),
    }),
    end &&
      el("p", {
        class: "meta",
        text: say(gettext("ended %(time)s %(who)s: %(why)s"), {
          time: stamp(end.recorded_at),
          who: end.author_name,
          why: end.text,
        }),
      }),
    paperLinks(me, one.home, one.author_name, [["response", `activation/${one.id}`]]),
    end && paperLinks(me, end.home, end.author_name, [["response", `end/${end.id}`]]),
  );
}

function taskView({ task, directive, steps, state, ended }, me) {
  const owner = nameOf(task.organisation, task.organisation_name);
  const done = steps.find(({ kind }) => kind === "done");
  const first = task.plan === "" ? steps.find(({ kind }) => kind === "feedback") : done;
  const late =
    first &&
    took(task.recorded_at, first.recorded_at) > Date.parse(task.due_at) - Date.parse(task.recorded_at);
  const node = el("li", { class: `task is-${state}`, data: { task: task.id } });
  const decides = me.everywhere && task.home === HERE;
  const offered = Object.entries(ANSWERS).filter(([kind]) => {
    if (state === "done") return false;
    if (kind === "acknowledged") return task.acknowledge && state === "issued";
    if (task.plan === "" && kind !== "feedback") return decides && state === "feedback";
    return kind !== "returned";
  });
  node.append(
    el(
      "p",
      { class: "task-head" },
      el("span", {
        class: `mark ${isMine(task, me) ? "own-task" : ""}`,
        text: owner,
      }),
      task.node &&
        task.node !== HERE &&
        nodeName(task.node) !== owner &&
        el("span", { class: "mark foreign", text: nodeName(task.node) }),
      !acts(task.organisation) && el("span", { class: "mark", text: gettext("Not playing") }),
      directive && el("span", { class: "mark", text: say(gettext("Directive: %(leader)s"), directive) }),
      el("span", { class: "task-state", text: STATES[state] }),
      late && el("span", { class: "late", text: gettext("late") }),
      ended && el("span", { class: "mark", text: gettext("response ended") }),
      done || ended || (task.plan === "" && state === "feedback") ? null : due(task),
    ),
    el("p", { class: "line-text", text: task.text }),
    ...steps.map((step) =>
      el(
        "p",
        { class: "task-step" },
        el("span", { class: "meta", text: `${stamp(step.recorded_at)} ${STATES[step.kind]} ${step.author_name}` }),
        step.text && el("span", { class: "line-text", text: step.text }),
      ),
    ),
  );
  if (offered.length && mayAnswer(task, me))
    node.append(
      el(
        "div",
        { class: "step-buttons" },
        offered.map(([kind, label], index) =>
          button(label, () => answer(node, task, kind, label), {
            class: index === 0 ? "primary" : "",
            data: { kind },
          }),
        ),
      ),
    );
  return node;
}

const give = async (task, body) =>
  takePart("step", await post(`tasks/${task.id}/steps`, body), task.incident);

async function answer(node, task, kind, label) {
  if (kind === "acknowledged")
    return give(task, { kind }).catch(({ message }) => toast(message, { bad: true }));
  const text = el("textarea", {
    rows: 3,
    maxlength: 4000,
    "aria-label": gettext("How it stands"),
    placeholder: kind === "done" ? gettext("Words, if needed") : gettext("How it stands"),
  });
  const idOf = sameId();
  ask(node, {
    title: label,
    extra: text,
    act: label,
    focus: text,
    send: async () => {
      const body = { kind, text: text.value.trim() };
      if (["feedback", "returned"].includes(kind) && !body.text) {
        text.focus();
        throw new Error(gettext("Say how it stands."));
      }
      await give(task, { id: idOf(body), ...body });
    },
  });
}

/** Activations and the steps of tasks as lines of the timeline. */
export function taskLines({ activations, ends, tasks, task_steps: steps }) {
  const issued = (id) => [...tasks.values()].filter(({ activation }) => activation === id).length;
  const opened = [...activations.values()].map((one) =>
    line(
      one.recorded_at,
      say(gettext("%(level)s activated (%(plan)s), %(n)s tasks issued"), {
        level: one.level_name,
        plan: one.plan_name,
        n: issued(one.id),
      }),
      one.author_name,
      `${one.matter}\n${one.measures}`,
    ),
  );
  const answered = [...steps.values()].map((one) =>
    line(
      one.recorded_at,
      say(gettext("Task %(state)s: %(task)s"), {
        state: STATES[one.kind],
        task: tasks.get(one.task)?.text ?? "",
      }),
      one.author_name,
      one.text,
    ),
  );
  const closed = [...ends.values()].map((one) =>
    line(
      one.recorded_at,
      say(gettext("%(level)s ended (%(plan)s)"), { level: one.level_name, plan: one.plan_name }),
      one.author_name,
      one.text,
    ),
  );
  return [...opened, ...closed, ...answered];
}
