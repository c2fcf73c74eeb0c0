/* Console: the page of a running exercise, live. Promises: the clock shows the node's time by what
   was last said of it, and says when it is not heard any more; what changed at the node replaces its
   region of the page, except one that somebody is writing in. Must not know: what an inject is. */

import { now, synchronise } from "./clock.js";
import { exerciseTime, shownBy } from "./exerciseclock.js";
import { Feed } from "./feed.js";
import { say } from "./words.js";

const REGIONS = ["clock", "injects", "nodes"];
const SETTLE = 150; // ms: many changes at once are one look
const address = document.getElementById("clock").dataset.console; // not that of a refused form
const region = (name) => document.getElementById(name);

function draw(feed) {
  const clock = region("clock");
  const time = shownBy(clock.dataset);
  const length = Number(clock.dataset.length);
  clock.querySelector("[data-time]").textContent = exerciseTime(time);
  clock.querySelector("progress").value = Math.min(length, time / 1000);
  clock.querySelector("[data-over]").hidden = time / 1000 <= length;
  clock.querySelector("[data-silent]").hidden = feed.isLive;
  clock.classList.toggle("stale", !feed.isLive);
  for (const due of document.querySelectorAll("[data-due]")) {
    const left = Math.max(0, Date.parse(due.dataset.due) - now());
    due.textContent = say(gettext("in %(time)s, real time"), { time: exerciseTime(left + 999) });
  }
}

async function look() {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return location.assign(address);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of REGIONS) {
    const [old, made] = [region(name), fresh.getElementById(name)];
    if (old && made && !old.contains(document.activeElement)) old.replaceWith(made);
    else if (old && made) old.addEventListener("focusout", () => old.replaceWith(made), { once: true });
  }
  draw(feed);
  // what may be done depends on whether it runs: the whole page says so
  if (Boolean(fresh.getElementById("steps")) !== Boolean(region("steps"))) location.assign(address);
}

let waiting = 0;
function lookSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => look().catch(() => {}), SETTLE);
}

const feed = new Feed({
  cursor: "",
  realm: region("clock").dataset.live,
  topics: ["exercises"],
  apply: lookSoon,
  links: lookSoon,
  refetch: async () => {
    await look();
    return "";
  },
  synchronise,
  signIn: () => location.assign(address),
});
feed.addEventListener("state", () => draw(feed));
feed.start();
setInterval(() => draw(feed), 200);
draw(feed);
