/* Exercise: what the desk of an exercise has besides: its clock, what was received, and the alarm when
   something real is reported meanwhile. Promises: on the real desk nothing of this runs; the clock is
   the exercise's by the node's time; what was received is listed once, the newest first. Must not know:
   the list, the map, the panel. */

import { get, post } from "./api.js";
import { stamp, synchronise } from "./clock.js";
import { byId, button, el, fill } from "./dom.js";
import { exerciseTime, shownBy } from "./exerciseclock.js";
import { Feed } from "./feed.js";
import { REALM } from "./realm.js";
import { speak, toast } from "./toast.js";
import { gradeName, say } from "./words.js";

const ID = REALM.slice(3);
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
let received = new Map(); // id -> delivery
const fresh = new Set(); // ids that came while the page was open
let log = null; // writes down an incident, {text, answers}; null where nobody may
let list = null;

export function startExercise(given) {
  if (REALM === "real") return;
  log = given.log;
  list = el("ol");
  byId("feed").querySelector(".column-head").after(
    el(
      "section",
      { class: "received", "aria-label": gettext("Received") },
      el("h3", { class: "column-head", text: gettext("Received in the exercise") }),
      list,
    ),
  );
  refetchExercise();
  setInterval(drawClock, 250);
  listenForReal();
}

/** Fetch it anew; harmless on the real desk. */
export async function refetchExercise() {
  if (REALM === "real") return;
  const told = await get(`exercises/${ID}`).catch(() => null);
  if (!told) return;
  clock = told.clock;
  received = new Map(told.deliveries.map((one) => [one.id, one]));
  draw();
}

/** Take a frame of the feed; false for one that is not of the exercise itself. */
export function takeExercise({ type = "", item }) {
  if (type === "exercise.clock") {
    if (!clock || item.rev > clock.rev) clock = item;
    drawClock();
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
  const newest = [...received.values()].sort((a, b) => Date.parse(b.sent_at) - Date.parse(a.sent_at));
  fill(
    list,
    newest.length
      ? newest.map(row)
      : el("li", { class: "meta", text: gettext("Nothing has been received yet.") }),
  );
}

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
    log && button(gettext("Write it down"), () => log(written(one))),
  );
}

/** An incident was saved that answers an inject. */
export async function tellAnswer({ id }, injects) {
  for (const inject of injects)
    await post(`exercises/${ID}/answers`, { inject, incident: id }).catch((problem) =>
      toast(problem.message, { bad: true }),
    );
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

function alarm({ title, grade }) {
  const words = [gettext("Real incident"), grade && gradeName(grade), title].filter(Boolean);
  const said = words.join(" · ");
  fill(
    byId("alarm"),
    el("span", { text: said }),
    el("a", { href: "/", text: gettext("To the real desk") }),
    button(gettext("Go on with the exercise"), () => (byId("alarm").hidden = true), { class: "bare" }),
  );
  byId("alarm").hidden = false;
  speak(said);
}
