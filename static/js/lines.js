/* Lines: a line of the timeline that is neither an entry nor a change. Must not know: what it tells. */

import { clockOf, stamp } from "./clock.js";
import { el } from "./dom.js";

/** {time, order, node()}, as the timeline sorts and draws it. */
export const line = (time, title, author, text = "") => ({
  time,
  order: time,
  node: () =>
    el(
      "li",
      { class: "line change" },
      el("time", { text: clockOf(time), title: stamp(time, { seconds: true }) }),
      el(
        "div",
        { class: "line-body" },
        el("strong", { text: title }),
        " ",
        el("span", { class: "meta", text: author }),
        text && el("p", { class: "line-text", text }),
      ),
    ),
});
