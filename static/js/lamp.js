/* Lamp: says in words whether what is on the screen is live, and how old it is if not.
   Promises: three states, each with its own shape, colour and words; never live without a
   frame. Must not know: sockets (feed.js). */

import { stamp } from "./clock.js";
import { byId, el, fill } from "./dom.js";
import { say } from "./words.js";

export function showLamp(feed) {
  const node = byId("lamp");
  const draw = () => {
    const { name, count, since } = feed.state;
    const time = stamp(new Date(since).toISOString());
    const words = {
      live: gettext("Live"),
      catching: count ? say(gettext("Catching up %(n)s"), { n: count }) : gettext("Catching up"),
      offline: say(gettext("Offline since %(time)s"), { time }),
    }[name];
    const hints = {
      live: gettext("Changes by others appear at once."),
      catching: gettext("Missed changes are being fetched."),
      offline: gettext(
        "What you see is as old as that. Writing is kept as a draft; the connection comes back by itself.",
      ),
    };
    node.dataset.state = name;
    node.title = hints[name];
    document.body.classList.toggle("is-stale", name === "offline");
    fill(
      node,
      el("span", { class: "lamp-dot", "aria-hidden": "true" }),
      el("span", { class: "lamp-words", text: words }),
    );
  };
  feed.addEventListener("state", draw);
  draw();
}
