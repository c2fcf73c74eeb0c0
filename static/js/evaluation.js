/* Evaluation: an evaluator's sheet on a bad line. Promises: a mark is kept in this browser until the
   node has it, outlives a reload, and carries the time at which it was given; what waits is counted
   on the page; what the node refuses says why. Must not know: what is judged. */

import { post } from "./api.js";
import { now, stamp } from "./clock.js";
import { meta } from "./dom.js";
import { say } from "./words.js";

const AGAIN = 4000; // ms between tries while the node cannot be reached
const FINAL = new Set([400, 404, 409, 422]); // what the node will not take later either
const sheet = document.querySelector(".marks");
const { exercise, user } = sheet.dataset;
const KEY = `belltower.marks.${meta("node")}.${exercise}.${user}`;
const waiting = new Map(Object.entries(stored()));
let sending = false;
let again = 0;

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function store() {
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(waiting)));
  } catch {
    // the browser keeps nothing: it is sent from memory
  }
  countLeft();
  const told = document.getElementById("unsent");
  told.hidden = waiting.size === 0;
  told.textContent = say(
    ngettext(
      "%(n)s mark waits in this browser and is sent by itself.",
      "%(n)s marks wait in this browser and are sent by themselves.",
      waiting.size,
    ),
    { n: waiting.size },
  );
}

/** Is a card judged, by what waits here or else by what the node has? */
function isJudged(card) {
  const mark = waiting.get(card.dataset.row);
  return mark ? mark.value !== "" : !card.querySelector("[data-back]").hidden;
}

/** How many items nobody judged here yet, as the page counts them. */
function countLeft() {
  const items = [...sheet.querySelectorAll("#items ~ .mark-card")];
  const left = items.filter((card) => !isJudged(card)).length;
  document.getElementById("left").textContent = say(gettext("%(n)s left to judge"), { n: left });
}

const cardOf = (row) => sheet.querySelector(`[data-row="${CSS.escape(row)}"]`);

function tell(row, text, state) {
  const card = cardOf(row);
  if (!card) return;
  card.querySelector(".mark-state").textContent = text;
  card.dataset.state = state;
}

/** Put a mark that waits back into its card. */
function show({ row, value, note }) {
  const card = cardOf(row);
  if (!card) return;
  for (const field of card.querySelectorAll("[name=value]:not(button)")) {
    if (field.type === "number") field.value = value === "na" ? "" : value;
    else field.checked = field.value === value;
  }
  card.elements.note.value = note;
  tell(row, gettext("waits to be sent"), "waits");
}

async function send() {
  if (sending) return;
  sending = true;
  try {
    for (const [row, mark] of [...waiting]) await one(row, mark);
  } finally {
    sending = false;
    store();
    clearTimeout(again);
    if (waiting.size) again = setTimeout(send, AGAIN);
  }
}

async function one(row, mark) {
  try {
    const kept = await post(`exercises/${exercise}/marks`, mark);
    if (waiting.get(row) !== mark) return;
    waiting.delete(row);
    const time = stamp(kept.given_at, { seconds: true });
    tell(row, kept.value ? say(gettext("judged %(time)s"), { time }) : gettext("taken back"), "kept");
    cardOf(row).querySelector("[data-back]").hidden = !kept.value;
    countLeft();
  } catch (problem) {
    if (problem.status === 403) tell(row, gettext("waits to be sent: reload this page"), "waits");
    if (!FINAL.has(problem.status)) return;
    waiting.delete(row);
    tell(row, Object.values(problem.fields ?? {})[0] ?? problem.message, "refused");
  }
}

sheet.addEventListener("submit", (event) => {
  const card = event.target.closest("form");
  event.preventDefault();
  const given = new FormData(card, event.submitter);
  const back = event.submitter?.dataset.back !== undefined;
  if (back) for (const field of card.querySelectorAll("[name=value]:not(button)")) clear(field);
  const values = given.getAll("value");
  const mark = {
    row: card.dataset.row,
    value: back ? "" : (values.includes("na") ? "na" : String(values[0] ?? "")),
    note: back ? "" : given.get("note").trim(),
    given_at: new Date(now()).toISOString(),
  };
  if (back) card.elements.note.value = "";
  else if (!mark.value) return tell(mark.row, gettext("Choose a value."), "refused");
  waiting.set(mark.row, mark);
  tell(mark.row, gettext("waits to be sent"), "waits");
  store();
  send();
});

function clear(field) {
  if (field.type === "number") field.value = "";
  else field.checked = false;
}

/** Show the cards of one organisation, or those without a mark; what is typed in the others stays. */
function filter() {
  const { of, left } = choice.elements;
  const cards = [...sheet.querySelectorAll(".mark-card")];
  for (const card of cards)
    card.hidden =
      (of.value && card.dataset.of !== of.value) ||
      (left.checked && isJudged(card));
  const shown = cards.filter((card) => !card.hidden).length;
  choice.querySelector("output").textContent = say(gettext("%(n)s of %(all)s"), {
    n: shown,
    all: cards.length,
  });
}

const choice = document.getElementById("filter");
const names = new Set([...sheet.querySelectorAll(".mark-card")].map((card) => card.dataset.of));
names.delete("");
choice.elements.of.append(...[...names].map((name) => new Option(name)));
choice.addEventListener("change", filter);
choice.addEventListener("submit", (event) => event.preventDefault());
choice.hidden = false;
filter();
addEventListener("online", send);
for (const mark of waiting.values()) show(mark);
store();
if (waiting.size) send();
