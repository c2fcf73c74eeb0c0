/* Grading: what the figures suggest beside a form, and the grade of an incident as a person decides it.
   Promises: a suggestion decides nothing by itself; its rule and source stand with it, a rule
   that nobody checked is marked; a late answer never covers a newer one. Must not know: the table
   (the node asks it), words (gradewords.js). */

import { patch, post } from "./api.js";
import { ask } from "./ask.js";
import { changeRows } from "./changes.js";
import { stamp } from "./clock.js";
import { button, debounce, el, fill } from "./dom.js";
import { choiceField, gradeField, textField } from "./fields.js";
import { decisionWords, isChecked, sourceOf, stageOf, STAGES, suggestionWords, unknownWords } from "./gradewords.js";
import { onLatest } from "./latest.js";
import { isForeign } from "./nodes.js";
import { actorName, accountOf } from "./words.js";

const known = new Map(); // what was asked -> {told, at}, while it is young
const [MOST_KNOWN, YOUNG] = [200, 60000]; // ms

/** What the table says of a class and figures. */
async function suggestion(asked) {
  const key = JSON.stringify(asked);
  const before = known.get(key);
  if (before && Date.now() - before.at < YOUNG) return before.told;
  const told = await post("grade-suggestions", asked);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, { told, at: Date.now() });
  return told;
}

const askedOf = ({ type_code, casualties, loss_cny }) => ({
  type_code,
  casualties: casualties ?? {},
  ...(loss_cny && { loss_cny }),
});

/** {element, look}: the suggestion for what `read()` gives, asked anew at `look()`; `take(grade)`
 * chooses it, where it is not what `read()` has; without it nothing can be chosen. What
 * was `said` before, in a decision, is not said again. */
export function gradeHint({ read, take, said: before }) {
  const element = el("div", { class: "grade-hint", role: "status" });
  let turn = 0;
  const show = async () => {
    const mine = (turn += 1);
    const values = read();
    if (!values.type_code) return fill(element);
    const told = await suggestion(askedOf(values)).catch(() => null);
    if (mine !== turn) return;
    const chosen = () => {
      take(told.suggested);
      show();
    };
    const other = take && told?.suggested && told.suggested !== read().grade;
    const again = told && before && sameWords(told, before);
    fill(
      element,
      told && !again && said(told),
      other && button(gettext("Choose this"), chosen, { class: "text", data: { act: "take-grade" } }),
    );
  };
  return { element, look: debounce(250, show) };
}

const sameWords = (told, before) => Boolean(stageOf(before)) && suggestionWords(told) === suggestionWords(before);

const said = (told) => [
  el("span", { class: "suggested", text: suggestionWords(told), title: sourceOf(told) }),
  el("span", { class: "unknown-figures", text: unknownWords(told) }),
  sourceOf(told) && el("cite", { class: "meta cut", text: sourceOf(told), title: sourceOf(told) }),
  told.cited.length > 0 && !isChecked(told) && el("span", { class: "mark", text: gettext("Rule not checked") }),
];

/** How the grade was decided, what the figures say now where that is another, and the way to decide. */
export function gradingView(incident, more, { me }) {
  const may = me.verbs.includes("incident.grade") && !isForeign(incident) && incident.state !== "archived";
  const host = el("section", { class: "grading", data: { asks: `grade.${incident.id}` } });
  const hint = gradeHint({ read: () => incident, said: incident.grading, take: may && ((grade) => decide(host, incident, grade)) });
  hint.look();
  const past = decisions(more);
  fill(
    host,
    el("h3", { text: gettext("Grade") }),
    stageOf(incident.grading) && el("p", { class: "decision", text: decisionWords(incident.grading) }),
    hint.element,
    may && button(gettext("Decide the grade…"), () => decide(host, incident, incident.grade), { data: { act: "grade" } }),
    past.length > 0 && el("details", { class: "past" }, el("summary", { text: gettext("Class and grade so far") }), el("ul", {}, past)),
  );
  return host;
}

const DECIDED = ["type_name", "grade", "grading"];

/** Every change of class and grade, the newest first. */
const decisions = (more) =>
  (more?.history ?? [])
    .filter(({ proposal }) => !proposal)
    .map(({ time, actor, changed }) => {
      const rows = DECIDED.filter((name) => name in (changed ?? {})).flatMap((name) => changeRows(name, ...changed[name]));
      const who = el("span", { class: "meta", text: `${stamp(time)} ${actorName(actor)}`, title: accountOf(actor) });
      return rows.length > 0 && el("li", {}, who, el("ul", { class: "changes" }, rows));
    })
    .filter(Boolean)
    .reverse();

function decide(host, incident, grade) {
  const onChange = () => {};
  const fields = [
    gradeField({ onChange }),
    choiceField("grade_stage", STAGES, { onChange }),
    textField("grade_reason", { max: 500, onChange }),
  ];
  fields[0].write(grade);
  fields[1].write(stageOf(incident.grading) ? incident.grading.stage : "initial");
  ask(host, {
    title: gettext("Decide the grade"),
    lines: [gettext("What the table suggests now is kept with it.")],
    extra: fields.map((one) => one.element),
    act: gettext("Save"),
    focus: fields[0].element.querySelector("button[aria-checked=true]"),
    send: async () => {
      const said = Object.fromEntries(fields.map((one) => [one.name, one.read()]));
      await onLatest(incident, (rev) => patch(`incidents/${incident.id}`, { rev, ...said }));
    },
  });
}
