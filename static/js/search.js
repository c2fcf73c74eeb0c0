/* Search: the field in the header over incidents and places. Promises: incidents are found
   without the network; a place is shown where it is, and from there a new incident is one
   click away. Must not know: lists, panels; it calls what it is given. */

import { get, query } from "./api.js";
import { combobox } from "./combobox.js";
import { button, byId, el, fill } from "./dom.js";
import { layerTitle } from "./layers.js";
import { searchIncidents } from "./filters.js";
import { popup, showBox, showPoint, theMap } from "./map.js";
import { isForeign, nodeName } from "./nodes.js";
import { showPin } from "./pointers.js";
import { findPlaces } from "./place.js";
import { REALM } from "./realm.js";
import { districtName } from "./sharing.js";
import { all } from "./store.js";
import { GRADES, named, SYSTEMS } from "./words.js";

let input = null;

/** `open(id)` shows an incident, `create(point)` starts a new one (null where the role may not). */
export function startSearch({ open, create }) {
  input = el("input", {
    type: "search",
    placeholder: gettext("Search places, incidents, coordinates"),
    "aria-label": gettext("Search"),
    maxlength: 300,
    "aria-keyshortcuts": "/",
  });
  const box = combobox({
    input,
    delay: 150,
    find: async (text, signal) => [
      ...incidentChoices(await incidents(text, signal), text),
      ...(await findPlaces(text, signal).catch((problem) => {
        if (problem.name === "AbortError") throw problem;
        return [];
      })),
    ],
    empty: gettext("Nothing found."),
    choose: (value) => {
      input.value = "";
      input.blur();
      if (value.incident) open(value.incident);
      else showPlace(value, create);
    },
  });
  fill(byId("search"), box.element, el("kbd", { text: "/", "aria-hidden": "true" }));
}

export const focusSearch = () => input.focus();

/** What this browser holds, and what the node has besides: concluded and archived ones. */
async function incidents(text, signal) {
  const known = new Map([...all()].map((one) => [one.id, one]));
  if (text.length < 2) return known.values();
  const found = await get(`incidents?${query({ state: "all", q: text, realm: REALM })}`, signal).catch(
    () => null,
  );
  for (const one of found?.items ?? []) known.set(one.id, known.get(one.id) ?? one);
  return known.values();
}

const incidentChoices = (held, text) =>
  searchIncidents(held, text, 6).map((one) => ({
    label: one.title,
    hint: [one.number, districtName(one), isForeign(one) && nodeName(one.home)]
      .filter(Boolean)
      .join(" · "),
    group: gettext("Incidents"),
    badge: el("span", { class: `badge grade-${one.grade ?? 0}`, text: GRADES[one.grade] ?? "—" }),
    value: { incident: one.id },
  }));

function showPlace(place, create) {
  if (place.bounds) showBox(place.bounds);
  else showPoint(place, 14.5);
  if (!theMap()) return create?.(place);
  showPin(place);
  const close = popup(
    place,
    el(
      "div",
      { class: "popup" },
      el("strong", { text: named(place) }),
      el("span", {
        class: "meta",
        text: [
          place.layer ? layerTitle(place.layer) : SYSTEMS[place.crs],
          place.assumed_order && gettext("read as latitude, longitude"),
          place.district,
        ]
          .filter(Boolean)
          .join(" · "),
      }),
      el("span", {
        class: "coordinates meta",
        text: `${place.lon.toFixed(5)}, ${place.lat.toFixed(5)} WGS 84`,
      }),
      create &&
        button(
          gettext("New incident here"),
          () => {
            close();
            create({ lon: place.lon, lat: place.lat });
          },
          { class: "primary" },
        ),
    ),
    { onClose: () => showPin(null), offset: 40 },
  );
}
