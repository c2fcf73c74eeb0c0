/* Toasts: short notices at the foot of the map, and what is said to screen readers only.
   Promises: an error, and what must be seen, stays until it is closed, anything else goes by itself; text is text.
   Must not know: what the notice is about. */

import { byId, button, el } from "./dom.js";

const STAYS = 6000;
const MOST = 4;

/** Show a notice; `act` is an optional [label, callback], one that is
 * `urgent` is never pushed out by others, `closed` is told when a person has closed
 * it or acted. Returns what closes it. */
export function toast(
  message,
  { bad = false, act = null, stays = bad, urgent = false, closed = () => {} } = {},
) {
  const close = () => node.remove();
  const node = el(
    "div",
    { class: `toast ${bad ? "bad" : ""} ${stays ? "stays" : ""} ${urgent ? "urgent" : ""}`, role: bad ? "alert" : null },
    el("span", { text: message }),
    act &&
      button(
        act[0],
        () => {
          act[1]();
          close();
          closed();
        },
        { class: "text" },
      ),
    button("×", () => (close(), closed()), { class: "bare", title: gettext("Close"), "aria-label": gettext("Close") }),
  );
  byId("toasts").append(node);
  makeRoom();
  if (!stays) setTimeout(close, STAYS);
  return close;
}

/** The oldest go, those that go by themselves first; what is urgent stays. */
function makeRoom() {
  const all = byId("toasts");
  while (all.children.length > MOST) {
    const oldest =
      all.querySelector(".toast:not(.stays)") ?? all.querySelector(".toast:not(.urgent)");
    if (!oldest) return;
    oldest.remove();
  }
}

/** On a phone what is in front ends above the notices: no control is ever under one. */
new ResizeObserver(() =>
  document.body.style.setProperty("--notices", `${byId("toasts").offsetHeight}px`),
).observe(byId("toasts"));

/** Say something to screen readers. */
export function speak(message) {
  byId("spoken").textContent = message;
}
