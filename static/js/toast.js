/* Toasts: short notices at the foot of the map, and what is said to screen readers only.
   Promises: an error, and what must be seen, stays until it is closed, anything else goes by itself; text is text.
   Must not know: what the notice is about. */

import { byId, button, el } from "./dom.js";

const STAYS = 6000;

/** Show a notice; `act` is an optional [label, callback]. */
export function toast(message, { bad = false, act = null, stays = bad } = {}) {
  const close = () => node.remove();
  const node = el(
    "div",
    { class: `toast ${bad ? "bad" : ""}`, role: bad ? "alert" : null },
    el("span", { text: message }),
    act &&
      button(
        act[0],
        () => {
          act[1]();
          close();
        },
        { class: "text" },
      ),
    button("×", close, { class: "bare", title: gettext("Close"), "aria-label": gettext("Close") }),
  );
  byId("toasts").append(node);
  while (byId("toasts").children.length > 4) byId("toasts").firstElementChild.remove();
  if (!stays) setTimeout(close, STAYS);
}

/** Say something to screen readers. */
export function speak(message) {
  byId("spoken").textContent = message;
}
