/* Family: what an incident came of and led to, was merged into or split from, and which open incidents may
   be the same. Promises: only what may be seen is named, and that there is more is said; nothing
   is merged or split but by a person. Must not know: which are alike (the node says), the form
   of a part (sheet.js). */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { combobox } from "./combobox.js";
import { button, debounce, el, fill, paced } from "./dom.js";
import { searchIncidents } from "./filters.js";
import { onLatest } from "./latest.js";
import { isForeign } from "./nodes.js";
import { REALM } from "./realm.js";
import { all, on } from "./store.js";
import { toast } from "./toast.js";
import { distance, GRADES, gradeName, say, stateName } from "./words.js";

const RELATIONS = {
  caused_by: gettext("Came of"),
  led_to: gettext("Led to"),
  merged_into: gettext("Merged into"),
  merged: gettext("Merged into this one"),
  split_from: gettext("Split from"),
  parts: gettext("Split off"),
};
const ALIKE = gettext("Perhaps the same incident");
const KIND = 3; // places of a class code: incidents of one kind may be the same
const known = new Map(); // incident -> what the node said last
let shown = null; // {id, code, refresh, draw}

const lists = (told) => Object.values(told).filter(Array.isArray);

on("activity", ({ type, item }) => {
  if (!shown || !type.startsWith("incident.")) return;
  const { id, parent, merged_into: into, split_from: whole, type_code: code } = item ?? {};
  const named = [parent, into, whole].includes(shown.id);
  const listed = lists(known.get(shown.id) ?? {}).some((list) => list.some((one) => one.id === id));
  const alike = type === "incident.reported" && code?.slice(0, KIND) === shown.code.slice(0, KIND);
  if (id !== shown.id && (named || listed || alike)) shown.refresh();
});
on("gone", ({ id }) => {
  known.delete(id);
  for (const told of known.values())
    for (const list of lists(told)) list.splice(0, list.length, ...list.filter((one) => one.id !== id));
  for (const row of document.querySelectorAll(`.relative[data-id="${CSS.escape(id)}"]`)) row.closest("li").remove();
  shown?.draw();
});

/** The section of the overview; it fills itself. */
export function familyView(incident, context) {
  const section = el("section", { class: "family", data: { asks: `family.${incident.id}` } });
  const draw = () => !section.querySelector(".ask") && fill(section, parts(section, incident, context));
  let turn = 0;
  const refresh = async () => {
    const mine = (turn += 1);
    const told = await get(`incidents/${incident.id}/family`).catch(() => null);
    if (!told || mine !== turn) return;
    known.set(incident.id, told);
    draw();
  };
  section.addEventListener("asked", draw);
  shown = { id: incident.id, code: incident.type_code, refresh: paced(1000, refresh), draw };
  draw();
  refresh();
  return section;
}

function parts(section, incident, context) {
  const told = known.get(incident.id);
  const mayEdit = context.me.verbs.includes("incident.edit") && !isForeign(incident) && incident.state !== "archived";
  const lists = Object.entries(RELATIONS).filter(([name]) => told?.[name].length);
  const mayMerge = context.me.verbs.includes("incident.advance") && !isForeign(incident) && incident.steps.includes("merge");
  if (!lists.length && !told?.alike.length && !told?.unseen && !mayEdit) return [];
  return [
    el("h3", { text: gettext("Related incidents") }),
    told?.alike.length > 0 &&
      relation(ALIKE, told.alike, context, (one) => mayMerge && mergeButton(section, incident, one), "alike"),
    lists.map(([name, label]) =>
      relation(label, told[name], context, () => name === "caused_by" && mayEdit && freeButton(incident), name),
    ),
    told?.unseen > 0 && el("p", { class: "meta", text: gettext("It hangs together with an incident that is not shown to you here.") }),
    mayEdit && el("div", { class: "family-acts" }, parentButton(section, incident), splitButton(incident, context)),
  ];
}

const relation = (label, list, { open }, act, name) =>
  el(
    "div",
    { class: `relation ${name}`, data: { relation: name } },
    el("h4", { text: label }),
    el("ul", {}, list.map((one) => el("li", {}, row(one, open), act(one)))),
  );

/** One incident of a list: grade, title, number, state, how near. */
const row = (one, open) =>
  button(
    [
      el("span", { class: `badge small grade-${one.grade ?? 0}`, text: GRADES[one.grade] ?? "—", title: gradeName(one.grade) }),
      el("span", { class: "relative-title", text: one.title }),
      el("span", { class: "meta", text: [one.number, stateName(one.state), nearness(one)].filter(Boolean).join(" · ") }),
    ],
    () => open(one.id),
    { class: "relative", data: { id: one.id } },
  );

const nearness = ({ distance_m: far, minutes }) =>
  far === undefined ? "" : say(gettext("%(far)s and %(n)s min apart"), { far: distance(far), n: minutes });

const mergeButton = (section, incident, one) =>
  button(gettext("Merge into this…"), () => askMerge(section, incident, one), { class: "text", data: { act: "merge-into" } });

function askMerge(section, incident, one) {
  const reason = el("input", { maxlength: 500, "aria-label": gettext("Reason"), placeholder: gettext("Reason") });
  ask(section, {
    title: say(gettext("Merge into %(title)s?"), { title: `${one.number} ${one.title}` }),
    lines: [gettext("This incident is closed and names the other; both are kept with all that is written. It can be opened again.")],
    extra: reason,
    act: gettext("Merge"),
    focus: reason,
    send: () => {
      const body = { step: "merge", reason: reason.value.trim(), into: one.id };
      return onLatest(incident, (rev) => post(`incidents/${incident.id}/steps`, { rev, ...body }));
    },
  });
}

const setParent = (incident, parent) =>
  onLatest(incident, (rev) => post(`incidents/${incident.id}/parent`, { rev, parent }));

const freeButton = (incident) =>
  button(
    gettext("Take away"),
    () => setParent(incident, null).catch((problem) => toast(problem.message, { bad: true })),
    { class: "text", data: { act: "no-parent" } },
  );

const parentButton = (section, incident) =>
  button(gettext("Came of…"), () => askParent(section, incident), { data: { act: "parent" } });

/** May this have been the cause? Neither itself, nor what came of it, nor what is closed into another. */
const mayCause = (incident) => {
  const below = new Set((known.get(incident.id)?.led_to ?? []).map(({ id }) => id));
  return ({ id, state }) => id !== incident.id && state !== "merged" && !below.has(id);
};

function askParent(section, incident) {
  let chosen = null;
  const input = el("input", {
    "aria-label": gettext("Came of which incident"),
    placeholder: gettext("Title or number"),
    on: {
      input: () => {
        chosen = null;
      },
    },
  });
  const choices = combobox({
    input,
    find: async (text) =>
      searchIncidents([...all()].filter(mayCause(incident)), text, 8).map((one) => ({
        label: one.title,
        hint: one.number,
        value: one,
      })),
    choose: (one) => {
      chosen = one;
      input.value = `${one.number} ${one.title}`;
    },
    openOnFocus: true,
    empty: gettext("No such incident."),
  });
  ask(section, {
    title: gettext("Came of which incident"),
    extra: choices.element,
    act: gettext("Save"),
    focus: input,
    send: async () => {
      if (!chosen) throw new Error(gettext("Choose an incident of the list."));
      await setParent(incident, chosen.id);
    },
  });
}

const splitButton = (incident, { split }) =>
  split && button(gettext("Split off a part…"), () => split(incident), { data: { act: "split" } });

/** {element, look}: open incidents that may be what `read()` has, but for the one it is a part of;
 * `open(id)` shows one. */
export function alikeHint({ read, whole, open }) {
  const element = el("div", { class: "alike-hint", role: "status" });
  let turn = 0;
  let before = "";
  const show = async () => {
    const { type_code, location, received_at } = read();
    const asked = location && type_code ? { type_code, location, received_at, realm: REALM } : null;
    const key = JSON.stringify(asked);
    if (key === before) return;
    before = key;
    const mine = (turn += 1);
    const answer = asked ? await post("alike", asked).catch(() => null) : [];
    if (mine !== turn || !element.isConnected) return; // the form was saved or closed meanwhile
    if (!answer) before = ""; // asked again after the next change
    const found = (answer ?? []).filter(({ id }) => id !== whole());
    fill(element, found.length > 0 && relation(ALIKE, found, { open }, () => null, "alike"));
  };
  return { element, look: debounce(300, show) };
}
