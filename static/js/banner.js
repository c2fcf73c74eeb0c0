/* Banner: says when something that was written here is on no other node for more than a minute.
   Promises: it comes and goes by itself; without the node it says as of when it knew. Must not
   know: links, sockets. */

import { now, stamp } from "./clock.js";
import { byId, el, fill } from "./dom.js";
import { alone, whenNodesChange } from "./nodes.js";
import { say } from "./words.js";

const PATIENCE = 60000; // ms
const LOOK_EVERY = 2000;

export function startBanner(feed) {
  const node = byId("banner");
  const draw = () => {
    const { count, oldest, at, more } = alone();
    const stands = count > 0 && now() - Date.parse(oldest) > PATIENCE;
    node.hidden = !stands;
    if (!stands) return;
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
    if (node.textContent !== told.join(" ")) fill(node, el("span", { text: told.join(" ") }));
  };
  whenNodesChange(draw);
  feed.addEventListener("state", draw);
  setInterval(draw, LOOK_EVERY);
  draw();
}
