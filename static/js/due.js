/* Due: a moment by which something has to be done, with the time that is left, running. Promises: a
   time that passed says by how much, and says so until it is drawn anew. Must not know: what is due. */

import { now, stamp } from "./clock.js";
import { el } from "./dom.js";
import { deskTime } from "./pace.js";
import { say } from "./words.js";

const DAY = 86400; // seconds

setInterval(() => {
  for (const node of document.querySelectorAll("time.due")) show(node);
}, 1000);

/** The time that is left until then, by this desk's time since it was given. */
export function due({ due_at: at, recorded_at: from = at }) {
  const node = el("time", { class: "due", data: { due: at, from }, title: stamp(at, { seconds: true }) });
  show(node);
  return node;
}

function show(node) {
  const [at, from] = [Date.parse(node.dataset.due), Date.parse(node.dataset.from)];
  const left = Math.floor((at - from - (deskTime(now()) - deskTime(from))) / 1000);
  const over = left < 0;
  const [hours, rest] = [Math.floor(Math.abs(left) / 3600), Math.abs(left) % 3600];
  if (left >= 2 * DAY) {
    node.classList.remove("is-over");
    node.textContent = say(gettext("%(n)s days left"), { n: Math.floor(left / DAY) });
    return;
  }
  const two = (value) => String(value).padStart(2, "0");
  const minutes = two(Math.floor(rest / 60));
  const time = `${hours ? `${hours}:` : ""}${minutes}:${two(rest % 60)}`;
  node.classList.toggle("is-over", over);
  node.textContent = say(over ? gettext("overdue %(time)s") : gettext("%(time)s left"), { time });
}
