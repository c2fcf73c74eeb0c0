/* Supplements: how long changes of an accident's casualties are reported, and which nobody has reported
   yet; who is to know is told at once and once a day. Promises: what is not reported stands in the row of
   limits until it is, also of an incident that is concluded. Must not know: which days hold, what a
   report said (the node says), how reports are drafted (reports.js). */

import { get, query } from "./api.js";
import { stamp } from "./clock.js";
import { addDue } from "./deadlines.js";
import { el, fill, paced } from "./dom.js";
import { line } from "./lines.js";
import { HERE, isForeign } from "./nodes.js";
import { REALM } from "./realm.js";
import { ring } from "./sound.js";
import { incident, on } from "./store.js";
import { speak, toast } from "./toast.js";
import { FIGURES, listed, say, UNKNOWN } from "./words.js";

const [ASKED, MINUTE] = [60000, 60000]; // ms
const CHANGES = new Set(["incident.changed", "incident.advanced", "report.issued"]);
const MOVED = new Set(["incident.handed_over", "incident.taken_over"]);
const NAME = gettext("Supplement");
const NOT_REPORTED = gettext("Casualties not reported yet");
let rows = []; // as GET /supplements gives them
let asked = 0;
let redraw = () => {};
const notices = new Map(); // id of an incident -> what closes its notice

/** Dead 1 → 2, missing unknown → 0. */
const inWords = (moved) =>
  listed(
    Object.keys(FIGURES)
      .filter((name) => name in moved)
      .map((name) => `${FIGURES[name]} ${moved[name].map((one) => one ?? UNKNOWN).join(" → ")}`),
  );

export async function startSupplements({ me, open }) {
  if (REALM !== "real") return;
  on("activity", async ({ type, item }) => {
    if (type === "supplement.reminded") {
      await load();
      remind(item, me, open);
    } else if (MOVED.has(type) || (CHANGES.has(type) && rows.some(isAbout(item.incident ?? item.id)))) reload();
  });
  on("hidden", (id) => rows.some(isAbout(id)) && load());
  redraw = addDue(due);
  await load();
  setInterval(load, ASKED);
}

const isAbout = (id) => (one) => one.incident === id;

async function load() {
  const turn = (asked += 1);
  const found = await get(`supplements?${query({ realm: REALM })}`).catch(() => null);
  if (!found || turn !== asked) return; // what is known stays; a later question has the later answer
  rows = found;
  for (const id of [...notices.keys()]) if (!rows.some(isAbout(id))) closeNotice(id);
  redraw();
}

function closeNotice(id) {
  notices.get(id)?.();
  notices.delete(id);
}

const reload = paced(1000, load);

/** What is not reported, as the row of limits takes it. */
const due = () =>
  rows.map((one) => ({
    ...one,
    id: `${one.incident}.supplement`,
    minutes: (Date.parse(one.until) - Date.parse(one.started_at)) / MINUTE,
    tab: "reports",
    owed: true, // at once, however many days there are
    label: NAME,
    long: NOT_REPORTED,
    about: inWords(one.moved),
  }));

function remind(item, me, open) {
  const title = rows.find(isAbout(item.incident))?.title ?? incident(item.incident)?.title ?? "";
  if (item.home !== HERE || !item.roles.includes(me.role)) return;
  closeNotice(item.incident);
  ring(0);
  const text = gettext("Casualties not reported yet: %(what)s, %(title)s");
  const said = say(text, { what: inWords(item.moved), title });
  const act = [gettext("Open the reports"), () => open(item.incident, "reports")];
  notices.set(item.incident, toast(said, { act, stays: true }));
  speak(said);
}

/** How long changes of the casualties of an incident are reported, among its reports; it stays empty
 * where there are no such days, and until the node has answered. */
export function supplementView(incident, reports) {
  const node = el("div", { class: "supplement-days" });
  const asks = REALM === "real" && !isForeign(incident) && reports.some((one) => one.signed_by);
  if (asks) get(`incidents/${incident.id}/supplement`).then((told) => told.until && show(node, told), () => {});
  return node;
}

function show(node, { until, days, source, verified, moved }) {
  const last = new Date(Date.parse(until) - MINUTE).toISOString();
  fill(
    node,
    el("p", {
      class: "meta",
      text: say(gettext("Changes of the casualties are reported until %(time)s (%(n)s days; %(source)s)"), {
        time: stamp(last),
        n: days,
        source,
      }),
    }),
    !verified && el("span", { class: "mark", text: gettext("Limit not checked") }),
    Object.keys(moved).length > 0 &&
      el("p", { class: "late", text: say(gettext("Not reported yet: %(what)s"), { what: inWords(moved) }) }),
  );
}

/** What was said of casualties, as lines of the timeline. */
export const supplementLines = ({ supplements }) =>
  [...supplements.values()].map((one) =>
    line(one.recorded_at, NOT_REPORTED, gettext("by the clock"), inWords(one.moved)),
  );

/** The same as an event of the activity. */
export const supplementEvent = ({ moved }) => ({ kind: NOT_REPORTED, detail: inWords(moved), who: "" });
