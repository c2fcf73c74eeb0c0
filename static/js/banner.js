/* Banner: says when the disk of this node is full or nearly so, and when something that was written
   here is on no other node for more than a minute. Promises: it comes and goes by itself; without
   the node it says as of when it knew. Must not know: links, sockets. */

import { now, stamp } from "./clock.js";
import { byId, el, fill } from "./dom.js";
import { alone, storage, whenNodesChange } from "./nodes.js";
import { REALM } from "./realm.js";
import { say } from "./words.js";

const PATIENCE = 60000; // ms
const LOOK_EVERY = 2000;

const STORAGE = {
  full: gettext("The disk of this node is full: what is written now may be refused, and says so where that happens. Tell the system administrator."),
  low: gettext("The disk of this node is nearly full. Tell the system administrator."),
};

export function startBanner(feed) {
  const node = byId("banner");
  const draw = () => {
    const lines = [STORAGE[storage()], waiting(feed)].filter(Boolean);
    node.hidden = !lines.length;
    node.classList.toggle("is-grave", storage() === "full");
    if (node.dataset.text === lines.join("\n")) return;
    node.dataset.text = lines.join("\n");
    fill(node, lines.map((text) => el("p", { text })));
  };
  whenNodesChange(draw);
  feed.addEventListener("state", draw);
  setInterval(draw, LOOK_EVERY);
  draw();
}

/** What that is real is on no other node yet, once that is more than a moment. */
function waiting(feed) {
  const { count, oldest, at, more } = alone();
  if (REALM !== "real" || !count || now() - Date.parse(oldest) <= PATIENCE) return "";
  const text = ngettext(
    "%(n)s record is on no other node yet, the oldest of %(time)s",
    "%(n)s records are on no other node yet, the oldest of %(time)s",
    count,
  );
  const offline = feed.state.name === "offline";
  const told = [
    say(text, { n: more ? `${count}+` : count, time: stamp(oldest) }),
    offline &&
      say(gettext("(as of %(time)s)"), { time: stamp(new Date(at).toISOString()) }),
  ].filter(Boolean);
  return told.join(" ");
}
