/* Rounds that are due: those that run on what this desk sees, where somebody is missing, with their
   clocks; who has to report is told, and who waits for reports. Promises: the clock is the node's, also
   where it was set; only who reports, or the desk in charge, hears of it. Must not know: how rounds are
   shown (rounds.js), where what is due stands (deadlines.js). */

import { get, query } from "./api.js";
import { addDue } from "./deadlines.js";
import { paced } from "./dom.js";
import { isForeign } from "./nodes.js";
import { REALM } from "./realm.js";
import { ring } from "./sound.js";
import { incident, on } from "./store.js";
import { speak, toast } from "./toast.js";
import { listed, OPEN_STATES, say } from "./words.js";

const ASKED = 30000; // ms
const CHANGES = ["round.ordered", "round.reported", "round.reminded", "plan.ended", "incident.advanced"];
const NAME = gettext("Round report");
let rows = []; // as GET /rounds gives them
let asked = 0;
let isDesk = false; // that sees everything at its node
let redraw = () => {};

/** What of an incident's rounds the node says otherwise than before, in one text. */
export const dueVersion = (about) =>
  JSON.stringify(rows.filter((one) => one.incident === about).map((one) => [one.no, one.started_at, one.mine]));

/** When an order began, by the clock as it is now. */
export const beganAt = ({ id, recorded_at: recorded }) =>
  rows.find(({ order }) => order === id)?.started_at ?? recorded;

/** Does this officer report for that organisation in an order, as the node says? */
export const isMine = (order, organisation) =>
  rows.some((one) => one.order === order && one.mine.includes(organisation));

export async function startRoundsDue({ me, open }) {
  on("activity", async ({ type, item }) => {
    if (!CHANGES.includes(type)) return;
    if (type === "round.reminded") remind(item, me, open);
    if (type === "round.ordered") {
      await load();
      tellOrder(item, open);
    } else reload();
  });
  on("gone", reload);
  on("arrived", reload);
  redraw = addDue(due);
  isDesk = me.everywhere;
  await load();
  setInterval(load, ASKED);
}

async function load() {
  const turn = (asked += 1);
  const found = await get(`rounds?${query({ realm: REALM })}`).catch(() => null);
  if (!found || turn !== asked) return; // a later question has the later answer
  rows = found;
  redraw();
}
const reload = paced(1000, load);

/** What is due, as the desk's row of limits takes it: for who reports each round, for the desk in
 * charge how many are missing. */
const due = () =>
  rows
    .filter((one) => OPEN_STATES.includes(incident(one.incident)?.state))
    .filter((one) => one.mine.length || isCharge(one))
    .map((one) => ({
      ...one,
      id: `${one.order}.${one.no}`,
      tab: "tasks",
      label: say(gettext("Round %(n)s"), { n: one.no }),
      long: NAME,
      about: one.mine.length ? "" : say(gettext("missing %(n)s of %(of)s"), { n: one.missing.length, of: one.of }),
    }));

const isCharge = (one) => isDesk && !isForeign(incident(one.incident));

function tellOrder(item, open) {
  if (!rows.some(({ order, mine }) => order === item.id && mine.length)) return;
  tell(gettext("A report every %(n)s minutes from now on: %(title)s"), item, open, { n: item.every });
}

function remind(item, me, open) {
  const row = rows.find(({ order, no }) => order === item.order && no === item.no);
  const about = incident(item.incident);
  const over = item.percent >= 100;
  if (!about || !row || item.home !== about.home || !item.missing.length) return;
  if (row.mine.some((code) => item.missing.includes(code))) {
    ring(item.percent);
    const text = over
      ? gettext("Overdue: report of round %(n)s, %(title)s")
      : gettext("%(percent)s of round %(n)s has passed without your report: %(title)s");
    tell(text, item, open, { n: item.no, percent: `${item.percent}%` }, over);
  } else if (over && !isForeign(about) && me.everywhere && item.roles.includes(me.role)) {
    ring(item.percent);
    const names = listed(row.missing.slice(0, 5));
    const text = gettext("Round %(n)s of %(title)s: nothing from %(all)s (%(names)s)");
    tell(text, item, open, { n: item.no, all: item.missing.length, names }, true);
  }
}

function tell(text, item, open, values, bad = false) {
  const said = say(text, { title: incident(item.incident)?.title ?? "", ...values });
  const act = [gettext("Open the incident"), () => open(item.incident, "tasks")];
  toast(said, { act, stays: true, bad });
  speak(said);
}
