/* Page of roll calls: a call that runs is asked for every two seconds, and says how long it still
   runs. Promises: when it is over the page is loaded anew. Must not know: who may call. */

import { now } from "./clock.js";
import { get } from "./api.js";
import { say } from "./words.js";

const EVERY = 2000; // ms
const STATES = {
  answered: gettext("answered"),
  late: gettext("answered late"),
  none: gettext("no answer"),
};

for (const part of document.querySelectorAll("[data-call][data-ends]")) follow(part);

function follow(part) {
  const ends = new Date(part.dataset.ends).getTime();
  const left = part.querySelector("[data-left]");
  const look = async () => {
    const seconds = Math.max(0, Math.round((ends - now()) / 1000));
    left.textContent = say(gettext("runs, %(n)s s left"), { n: seconds });
    const call = await get(`roll-calls/${part.dataset.call}`).catch(() => null);
    if (call?.closed_at) return location.reload();
    for (const row of call?.rows ?? []) draw(part.querySelector(`[data-node="${row.node}"]`), row);
    setTimeout(look, EVERY);
  };
  look();
}

function draw(line, row) {
  const cell = (name) => line.querySelector(`[data-${name}]`);
  cell("state").textContent = STATES[row.state];
  cell("state").classList.toggle("on", row.state === "answered");
  cell("seconds").textContent = row.seconds ?? "—";
  cell("desk").textContent = row.desk ?? "—";
  cell("who").textContent = row.who ?? "—";
}
