/* Store: what this browser knows, applied from answers of the API and frames of the feed
   alike. Promises: a thing is replaced only by a newer revision, so overlap and repetition
   change nothing; a thing that is gone is forgotten with all that hangs on it; listeners hear
   once per batch. Must not know: how anything is shown, where frames come from. */

import { learnName } from "./words.js";

const incidents = new Map(); // id -> incident, as GET /incidents gives it
const details = new Map(); // id -> {the names of KINDS: Map by id, history, shownHere: codes, homes}
const listeners = new Map(); // topic -> Set of callbacks
const KINDS = {
  entry: "entries",
  attachment: "attachments",
  tie: "ties",
  share: "shares",
  request: "requests",
  answer: "answers",
  receipt: "receipts",
  activation: "activations",
  end: "ends",
  task: "tasks",
  step: "task_steps",
  report: "reports",
  taken: "report_receipts",
  draft: "drafts",
  elapsed: "deadline_steps",
  roundorder: "round_orders",
  round: "round_reports",
  roundreminder: "round_reminders",
  supplement: "supplements",
  directive: "directives",
  taskreminder: "task_reminders",
};
const NOT_HISTORY = new Set(["rev", "steps", "limits", "reporter", "site_contact"]);

const aside = new Set(); // ids
const awaited = new Map(); // id -> the frame that this node shows it from now on
const early = new Map(); // id -> what to do to its detail once the first answer is here

let older = 0;
let changed = new Set();
let scheduled = false;

/** Topics: "incidents"(set of ids), "gone"(incident), "arrived"(incident), "layer"(layer),
 * "hidden"(id, known here or not), "activity"(frame, known before), "proposal"(id of an incident), "aside"(id: fetch it, a version
 * came that may not be in force). */
export function on(topic, callback) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(callback);
}

function tell(topic, ...values) {
  for (const callback of listeners.get(topic) ?? []) callback(...values);
}

function touched(id) {
  changed.add(id);
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    const ids = changed;
    changed = new Set();
    scheduled = false;
    tell("incidents", ids);
  });
}

const isNewer = (fresh, known) =>
  !known ||
  (fresh.term ?? 1) > (known.term ?? 1) ||
  ((fresh.term ?? 1) === (known.term ?? 1) && fresh.rev > known.rev);

/** How many incidents the node has besides, older than those of the last list. */
export const unlisted = () => older;
export const all = () => incidents.values();
export const incident = (id) => incidents.get(id);
export const detail = (id) => details.get(id);

/** Take a list of the API; with `complete(incident)`, known ones it covers and lacks are dropped. */
export function takeList({ items, older: beyond = 0 }, complete = null) {
  older = beyond;
  const listed = new Set();
  for (const item of items) {
    listed.add(item.id);
    takeIncident(item);
  }
  if (!complete) return;
  for (const known of [...incidents.values()]) {
    if (complete(known) && !listed.has(known.id)) forget(known.id);
  }
}

function takeIncident(item) {
  const known = incidents.get(item.id);
  if (!isNewer(item, known)) return false;
  const { reporter, site_contact } = known ?? {}; // withheld from who wrote this, not from here
  incidents.set(item.id, known?.reporter ? { reporter, site_contact, ...item } : item);
  touched(item.id);
  return true;
}

/** The whole of an incident is asked for: the answer may be older than what comes before it. */
export function awaitDetail(id) {
  if (!details.has(id) && !early.has(id)) early.set(id, []);
}

/** Change the detail of an incident, now or when the answer that is on its way is here. */
function withDetail(id, change) {
  if (details.has(id)) change(details.get(id));
  else early.get(id)?.push(change);
}

/** Take the answer of GET /incidents/<id>. */
export function takeDetail(answer) {
  const parts = Object.values(KINDS);
  const apart = new Set([...parts, "history", "shown_here", "homes", "cursor"]);
  const { history, homes, shown_here: shownHere } = answer;
  const item = Object.fromEntries(Object.entries(answer).filter(([name]) => !apart.has(name)));
  for (const { author, author_name: name } of answer.entries) learnName(author, name);
  for (const { actor, actor_name: name } of history) learnName(actor, name); // without a unit
  if (!isNewer(incidents.get(item.id) ?? item, item)) incidents.set(item.id, item); // it knows best
  const known = details.get(item.id);
  const fresh = { history, homes, shownHere };
  for (const name of parts) {
    fresh[name] = new Map();
    for (const one of answer[name] ?? []) fresh[name].set(one.id, one);
    for (const one of known?.[name].values() ?? []) {
      if (isNewer(one, fresh[name].get(one.id))) fresh[name].set(one.id, one);
    }
  }
  for (const line of known?.history ?? []) addLine(history, line);
  details.set(item.id, fresh);
  for (const change of early.get(item.id) ?? []) change(fresh);
  early.delete(item.id);
  touched(item.id);
  tellAwaited(item.id);
  return incidents.get(item.id);
}

/** Add a line to a history that may have it already. */
function addLine(history, line) {
  const at = Date.parse(line.time);
  const same = (one) =>
    one.rev === line.rev && one.type === line.type && Date.parse(one.time) === at;
  if (!history.some(same)) history.push(line);
}

/** Is an answer about it still wanted? It may have been taken away while the answer was on its way. */
export const isWanted = (id) => incidents.has(id) || early.has(id) || awaited.has(id);

/** Take one part of an incident, as a write answers it. */
export function takePart(kind, item, incident = item.incident) {
  withDetail(incident, ({ [KINDS[kind]]: known }) => {
    if (!isNewer(item, known.get(item.id))) return;
    known.set(item.id, item);
    touched(incident);
  });
}

/** Apply one frame of the feed. */
export function apply(frame) {
  const [kind, id] = frame.subject.split("/");
  if (frame.kind === "gone") {
    if (kind === "incident") {
      drop(id);
      tell("hidden", id);
    }
    return;
  }
  if (kind === "layer") return tell("layer", frame.item);
  if (kind === "proposal") return tell("proposal", frame.about.split("/")[1]);
  if (kind === "rollcall" || kind === "rollanswer") return tell("rollcall", frame);
  if (kind === "incident") return applyIncident(frame);
  if (kind === "showing") return applyShowing(frame);
  if (kind in KINDS) {
    const incident = frame.about.split("/")[1];
    const known = details.get(incident)?.[KINDS[kind]]?.has(id) ?? false;
    takePart(kind, frame.item, incident);
    tell("activity", frame, known);
  }
}

function applyIncident(frame) {
  const { id } = frame.item;
  const before = incidents.get(id);
  if (!takeIncident({ ...frame.item, term: frame.term, rev: frame.rev })) {
    const line = historyLine(frame, before);
    if (frame.term < before.term) {
      withDetail(id, ({ history }) => {
        addLine(history, { ...line, proposal: true });
        touched(id);
      });
      asideSoon(id);
    } else if (isFork(frame, before) && Object.keys(line.changed).length) asideSoon(id);
    return;
  }
  withDetail(id, ({ history }) => addLine(history, historyLine(frame, before)));
  if (frame.term > before?.term) asideSoon(id); // what was written before may not hold
  tell("activity", frame, Boolean(before));
  if (!before) tell("arrived", incidents.get(id));
}

/** Whom this node shows it is not part of the incident: the node is asked for it anew, and for
 * the whole incident by those who see it from now on. */
function applyShowing(frame) {
  const id = frame.about.split("/")[1];
  if (incidents.has(id)) tell("activity", frame, true);
  else if (frame.type === "showing.begun") awaited.set(id, frame);
  if (details.has(id) || awaited.has(id)) asideSoon(id);
}

function tellAwaited(id) {
  const frame = awaited.get(id);
  if (!awaited.delete(id)) return;
  tell("activity", frame, false);
  tell("arrived", incidents.get(id));
}

const isFork = (frame, before) => frame.term === before.term && frame.rev === before.rev;

/** Only the node knows which of two is in force: ask it once for all that comes at a time. */
function asideSoon(id) {
  if (!aside.size) setTimeout(() => {
    const ids = [...aside];
    aside.clear();
    for (const one of ids) tell("aside", one);
  }, 300);
  aside.add(id);
}

/** A line of the history, in the shape of the API's. */
function historyLine(frame, before) {
  const different = Object.entries(frame.item).filter(
    ([name, value]) =>
      before && !NOT_HISTORY.has(name) && JSON.stringify(before[name]) !== JSON.stringify(value),
  );
  return {
    type: frame.type,
    time: frame.time,
    actor: frame.actor,
    rev: frame.rev,
    proposal: false,
    changed: Object.fromEntries(different.map(([name, value]) => [name, [before[name], value]])),
  };
}

function forget(id) {
  const known = incidents.get(id);
  incidents.delete(id);
  details.delete(id);
  early.delete(id);
  awaited.delete(id);
  touched(id);
  return known;
}

/** The incident is not this officer's to see any more; gives what was known of it. */
export function drop(id) {
  const known = forget(id);
  if (known) tell("gone", known);
  return known;
}

/** Forget the parts of every incident but this one; they are fetched again when opened. */
export function forgetDetails(but) {
  for (const id of [...details.keys()]) if (id !== but) details.delete(id);
}
