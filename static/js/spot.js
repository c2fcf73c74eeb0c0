/* Spot: what a click on the empty map shows: where it is, and the door to a new incident there.
   Promises: one at a time; while it stands, N starts the incident at its point. Must not know:
   how an incident is reported. */

import { get, query } from "./api.js";
import { button, el } from "./dom.js";
import { popup, whenGroundClicked } from "./map.js";

let spot = null; // {lon, lat} while it is shown

/** The point that was clicked and is still shown, or null. */
export const shownSpot = () => spot;

/** `create(point)` starts an incident there; null where the role may not. */
export function startSpot({ create }) {
  whenGroundClicked((where) => show(where, create));
}

function show(where, create) {
  const { lon, lat } = where;
  const district = el("strong", { text: " " });
  popup(
    where,
    el(
      "div",
      { class: "popup spot" },
      district,
      el("span", {
        class: "coordinates meta",
        text: `${lon.toFixed(5)}, ${lat.toFixed(5)} WGS 84`,
      }),
      create &&
        button(
          [gettext("New incident here"), " ", el("kbd", { text: "N" })],
          () => create(where),
          { class: "primary", title: gettext("New incident here"), key: "N" },
        ),
    ),
    { focus: false, offset: 6, onClose: () => spot === where && (spot = null) },
  );
  spot = where;
  const say = (name) => {
    district.textContent = name || gettext("outside the districts");
  };
  get(`places?${query({ q: `${lon}, ${lat} WGS84`, limit: 1 })}`)
    .then(([found]) => say(found?.district))
    .catch(() => district.remove());
}
