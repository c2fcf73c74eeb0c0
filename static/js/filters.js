/* Filters: which incidents are listed and mapped, and in which order. Owns the choice, kept
   for this browser tab. Promises: pure over the store's incidents; "open" is where everybody
   starts. Must not know: how the choice is made on the screen (list.js). */

import { isToday } from "./clock.js";
import { OPEN_STATES } from "./words.js";

const KEY = "belltower.filters";
const NOTHING = {
  grades: [],
  category: "",
  district: "",
  state: "open",
  text: "",
  sort: "newest",
  today: false,
};
const listeners = [];

let choice = { ...NOTHING, ...read() };

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

export const filters = () => choice;
export const whenFiltersChange = (callback) => listeners.push(callback);

/** Change some of the choice. */
export function choose(change) {
  choice = { ...choice, ...change };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // holds until the page is left
  }
  for (const callback of listeners) callback(choice);
}

/** Add or take away one grade (0 is not graded). */
export const toggleGrade = (grade) =>
  choose({
    grades: choice.grades.includes(grade)
      ? choice.grades.filter((one) => one !== grade)
      : [...choice.grades, grade],
  });

export const clearFilters = () => choose({ ...NOTHING, sort: choice.sort });

/** How many restrictions are in force. */
export const activeCount = () =>
  (choice.grades.length ? 1 : 0) +
  ["category", "district", "text", "today"].filter((name) => choice[name]).length +
  (choice.state === "open" ? 0 : 1);

export const isOpen = (incident) => OPEN_STATES.includes(incident.state);

const inState = (incident) =>
  choice.state === "all" ||
  (choice.state === "open" ? isOpen(incident) : incident.state === choice.state);

/** Does it pass everything but the grade? Counters by grade are counts of these. */
const passes = (incident, text) =>
  inState(incident) &&
  (!choice.category || incident.type_code.startsWith(choice.category)) &&
  (!choice.district || incident.district_name === choice.district) &&
  (!choice.today || isToday(incident.received_at)) &&
  (!text || searchable(incident).includes(text));

const texts = new WeakMap();

/** What a text filter looks into, folded once. */
function searchable(incident) {
  let found = texts.get(incident);
  if (found === undefined) {
    found = fold(
      [
        incident.title,
        incident.number,
        incident.address,
        incident.district_name,
        incident.type_name,
        incident.summary,
      ].join(" "),
    );
    texts.set(incident, found);
  }
  return found;
}

export const fold = (text) => text.normalize("NFKC").toLowerCase();

/** Incidents whose text holds these words, for the search. */
export function searchIncidents(incidents, text, limit) {
  const words = fold(text).split(/\s+/).filter(Boolean);
  const found = [];
  for (const one of incidents) {
    if (words.every((word) => searchable(one).includes(word))) found.push(one);
    if (found.length === limit) break;
  }
  return found;
}

/** The incidents that pass, sorted, and counts by grade (index 0: not graded) without the grade. */
export function filtered(incidents) {
  const text = fold(choice.text.trim());
  const grades = new Set(choice.grades);
  const counts = [0, 0, 0, 0, 0];
  const found = [];
  for (const incident of incidents) {
    if (!passes(incident, text)) continue;
    counts[incident.grade ?? 0] += 1;
    if (!grades.size || grades.has(incident.grade ?? 0)) found.push(incident);
  }
  const newest = (a, b) =>
    a.received_at < b.received_at ? 1 : a.received_at > b.received_at ? -1 : 0;
  found.sort(
    choice.sort === "newest" ? newest : (a, b) => (a.grade ?? 5) - (b.grade ?? 5) || newest(a, b),
  );
  return { found, counts };
}
