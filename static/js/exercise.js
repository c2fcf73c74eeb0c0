/* Exercise: what the desk of an exercise has besides: its clock, what was received, and the alarm when
   something real is reported meanwhile. Promises: on the real desk nothing of this runs; the clock is
   the exercise's by the node's time; what was received is listed once, the newest first. Must not know:
   the list, the map, the panel. */

import { get, post } from "./api.js";
import { now, stamp, synchronise } from "./clock.js";
import { showWaiting } from "./dock.js";
import { byId, button, el, fill } from "./dom.js";
import { exerciseTime, shownBy } from "./exerciseclock.js";
import { Feed } from "./feed.js";
import { keepPace } from "./pace.js";
import { REALM } from "./realm.js";
import { speak, toast } from "./toast.js";
import { gradeName, say } from "./words.js";

const ID = REALM.slice(3);
const LATELY = 15 * 60000; // ms
const STATES = {
  running: "",
  paused: gettext("paused"),
  ended: gettext("finished"),
  aborted: gettext("broken off"),
};
const CHANNELS = {
  phone: gettext("Telephone"),
  platform: gettext("Platform"),
  sms: gettext("Text message"),
  fax: gettext("Fax"),
  opinion: gettext("Public opinion"),
};

let clock = null; // as the API tells it
let history = []; // every state of it
let received = new Map(); // id -> delivery
const fresh = new Set(); // ids that came while the page was open
let log = null; // writes down an incident, {text, answers}; null where nobody may
let answered = new Set(); // ids of injects that the own organisation answered
let list = null;
let me = null;

export function startExercise(given) {
  if (REALM === "real") return;
  ({ log, me } = given);
  list = el("ol");
  byId("feed").querySelector(".column-head").after(
    el(
      "section",
      { class: "received", "aria-label": gettext("Received") },
      el("h3", { class: "column-head", text: gettext("Received in the exercise") }),
      list,
    ),
  );
  listenForReal();
  refetchExercise().finally(alarmLately);
  setInterval(drawClock, 250);
}

/** Fetch it anew; harmless on the real desk. */
export async function refetchExercise() {
  if (REALM === "real") return;
  const told = await get(`exercises/${ID}`).catch(() => null);
  if (!told) return;
  clock = told.clock;
  history = told.history;
  keepPace(history);
  received = new Map(told.deliveries.map((one) => [one.id, one]));
  answered = new Set(told.answered);
  draw();
}

/** Take a frame of the feed; false for one that is not of the exercise itself. */
export function takeExercise({ type = "", item }) {
  if (type === "exercise.clock") {
    if (!clock || item.rev > clock.rev) clock = item;
    history = [...history.filter(({ rev }) => rev !== item.rev), item];
    keepPace(history);
    drawClock();
  } else if (type === "inject.answered" && item.organisation === me?.organisation) {
    answered.add(item.inject);
    draw();
  } else if (type === "inject.delivered" && !received.has(item.id)) {
    received.set(item.id, item);
    fresh.add(item.id);
    speak(say(gettext("Received from %(who)s: %(text)s"), { who: item.sender, text: item.content }));
    draw();
  }
  return type.startsWith("exercise.") || type.startsWith("inject.") || type.startsWith("script.");
}

function drawClock() {
  const words = clock
    ? [exerciseTime(shownBy(clock)), clock.speed > 1 && `×${clock.speed}`, STATES[clock.state]]
    : [gettext("not begun")];
  byId("exercise-clock").textContent = words.filter(Boolean).join(" ");
}

function draw() {
  drawClock();
  showWaiting([...received.values()].filter((one) => isOwn(one) && !answered.has(one.id)).length);
  const newest = [...received.values()].sort((a, b) => Date.parse(b.sent_at) - Date.parse(a.sent_at));
  fill(
    list,
    newest.length
      ? newest.map(row)
      : el("li", { class: "meta", text: gettext("Nothing has been received yet.") }),
  );
}

const isOwn = (one) => log && one.recipients.includes(me.organisation);

const written = ({ id, place, content }) => ({
  text: [place, content].filter(Boolean).join(" "),
  answers: id,
});

function row(one) {
  const heard = say(gettext("%(channel)s · %(who)s"), {
    channel: CHANNELS[one.channel] ?? one.channel,
    who: one.sender,
  });
  return el(
    "li",
    { class: fresh.has(one.id) ? "fresh" : "" },
    el("span", { class: "meta", text: `${exerciseTime(one.at)} ${heard}`, title: stamp(one.sent_at) }),
    el("span", { class: "words", text: one.content }),
    one.place && el("span", { class: "meta", text: one.place }),
    one.attachments.map(({ sha256, name }) =>
      el("a", { href: `/drills/of/${ID}/received/${one.id}/files/${sha256}`, download: "", text: name }),
    ),
    answered.has(one.id) && el("span", { class: "meta", text: `✓ ${gettext("Written down")}` }),
    isOwn(one) &&
      button(gettext("Write it down"), () => log(written(one))),
  );
}

/** An incident was saved that answers an inject. */
export async function tellAnswer({ id }, injects) {
  for (const inject of injects)
    await post(`exercises/${ID}/answers`, { inject, incident: id }).catch((problem) =>
      toast(problem.message, { bad: true }),
    );
}

function goOn() {
  alarms.clear();
  byId("alarm").hidden = true;
}

/** What was reported just before the desk was opened, since the exercise began. */
async function alarmLately() {
  const lately = await get("activity?realm=real").catch(() => []);
  const began = history.length ? Math.min(...history.map(({ since }) => Date.parse(since))) : 0;
  for (const { type, time, item } of lately)
    if (type === "incident.reported" && Date.parse(time) > Math.max(began, now() - LATELY)) alarm(item);
}

/** Something real takes over the screen of a drill. */
function listenForReal() {
  const feed = new Feed({
    cursor: "",
    realm: "real",
    topics: ["incidents"],
    apply: ({ type, item }) => type === "incident.reported" && alarm(item),
    links: () => {},
    refetch: async () => "",
    synchronise,
    signIn: () => {},
  });
  feed.start();
}

const alarms = new Map(); // id -> incident, real ones that this desk was not at

/** Say the gravest, and how many more there are. */
function alarm(incident) {
  alarms.set(incident.id, incident);
  const [worst, ...more] = [...alarms.values()].sort((a, b) => (a.grade ?? 9) - (b.grade ?? 9));
  const grade = worst.grade && gradeName(worst.grade);
  const at = stamp(worst.received_at);
  const said = [gettext("Real incident"), at, grade, worst.title].filter(Boolean).join(" · ");
  const rest = ngettext("and %(n)s more", "and %(n)s more", more.length);
  fill(
    byId("alarm"),
    el("span", { text: said }),
    more.length > 0 && el("span", { text: say(rest, { n: more.length }) }),
    el("a", { href: "/", text: gettext("To the real desk") }),
    button(gettext("Go on with the exercise"), goOn, { class: "bare" }),
  );
  byId("alarm").hidden = false;
  speak(said);
}
