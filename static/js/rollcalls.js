/* Page of roll calls: a call that runs is asked for every two seconds, and says how long it still
   runs. Promises: nothing that is being typed beside it is touched. Must not know: who may call. */

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
    for (const row of call?.rows ?? []) draw(part.querySelector(`[data-node="${row.node}"]`), row);
    if (call?.closed_at) close(left, call.rows);
    else setTimeout(look, EVERY);
  };
  look();
}

function close(left, rows) {
  const here = rows.filter(({ state }) => state === "answered").length;
  left.textContent = say(gettext("%(here)s of %(all)s answered"), { here, all: rows.length });
  left.classList.remove("on");
}

function draw(line, row) {
  const cell = (name) => line.querySelector(`[data-${name}]`);
  cell("state").textContent = STATES[row.state];
  cell("state").classList.toggle("on", row.state === "answered");
  cell("seconds").textContent = row.seconds ?? "—";
  cell("desk").textContent = row.desk ?? "—";
  cell("who").textContent = row.who ?? "—";
}
