/* Around: what the layers say about a point, for the sheet before saving and for the panel
   after. Promises: parts that only the cleared may see are merged for those who have them;
   numbers carry their unit; a layer says its note. Must not know: where the survey came from. */

import { el, symbol } from "./dom.js";
import { layerNote, layerOrder, layerSymbol, layerTitle } from "./layers.js";
import { nameOf } from "./sharing.js";
import { distance, figure, say } from "./words.js";

const COMPASS = [
  gettext("N"),
  gettext("NE"),
  gettext("E"),
  gettext("SE"),
  gettext("S"),
  gettext("SW"),
  gettext("W"),
  gettext("NW"),
];
const MOST = 60; // names listed of one layer

/** A survey with the part of the restricted layers, where there is one. */
export function merged({ survey, sensitive }) {
  if (!sensitive) return survey;
  return {
    ...survey,
    layers: { ...survey.layers, ...sensitive.layers },
    zones: [...survey.zones, ...(sensitive.zones ?? [])],
    rings: survey.rings.map((ring, index) => ({
      ...ring,
      people: ring.people ?? sensitive.rings?.[index]?.people ?? null,
      facilities: { ...ring.facilities, ...sensitive.rings?.[index]?.facilities },
    })),
    nearest: { ...survey.nearest, ...sensitive.nearest },
  };
}

const radius = (metres) => (metres < 1000 ? `${metres} m` : `${metres / 1000} km`);
const compass = (bearing) => COMPASS[Math.round(bearing / 45) % 8];

/** Each once, in the order of the map, whatever way the survey came. */
const inOrder = (slugs) => [...new Set(slugs)].sort((a, b) => layerOrder(a) - layerOrder(b));

/** Elements that show a survey. `compact` leaves the names of facilities out. */
export function surveyView(survey, { compact = false } = {}) {
  const slugs = inOrder(survey.rings.flatMap((ring) => Object.keys(ring.facilities)));
  return [
    areas(survey),
    survey.rings.length > 0 && ringTable(survey, slugs),
    ...inOrder(Object.keys(survey.nearest)).map((slug) =>
      nearestList(slug, compact ? survey.nearest[slug].slice(0, 3) : survey.nearest[slug]),
    ),
    !compact && names(survey, slugs),
  ].filter(Boolean);
}

/** The name of the district of a survey. */
export function districtOf(survey) {
  const [first] = survey?.districts ?? [];
  return first && nameOf(first.id, first.name);
}

function areas({ districts, zones }) {
  if (!districts.length && !zones.length)
    return el("p", { class: "quiet", text: gettext("In no known district.") });
  return el(
    "p",
    { class: "areas" },
    districts.map((area) => el("strong", { class: "area", text: nameOf(area.id, area.name) })),
    zones.map((area) => el("span", { class: "area zone", text: area.name })),
    zones.length && layerNote("zones")
      ? el("span", { class: "mark", text: layerNote("zones") })
      : null,
  );
}

/** People and facilities within each radius. */
function ringTable({ rings }, slugs) {
  const head = el(
    "tr",
    {},
    el("th", { scope: "col", text: gettext("Within") }),
    rings.map((ring) => el("th", { scope: "col", text: radius(ring.radius_m) })),
  );
  const people = el(
    "tr",
    { class: "people" },
    el(
      "th",
      { scope: "row" },
      gettext("People living there"),
      " ",
      layerNote("population") && el("span", { class: "mark", text: layerNote("population") }),
    ),
    rings.map((ring) => el("td", { text: figure(ring.people) })),
  );
  const rows = slugs.map((slug) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, symbol(layerSymbol(slug), "small"), " ", layerTitle(slug)),
      rings.map((ring) => {
        const n = ring.facilities[slug]?.length ?? 0;
        return el("td", { class: n ? "" : "zero", text: String(n) });
      }),
    ),
  );
  return el("table", { class: "rings" }, el("thead", {}, head), el("tbody", {}, people, rows));
}

function nearestList(slug, items) {
  return el(
    "section",
    { class: "nearest" },
    el(
      "h3",
      {},
      symbol(layerSymbol(slug), "small"),
      " ",
      say(gettext("Nearest: %(layer)s"), { layer: layerTitle(slug) }),
      " ",
      layerNote(slug) && el("span", { class: "mark", text: layerNote(slug) }),
    ),
    el(
      "ol",
      {},
      items.map((item) =>
        el(
          "li",
          {},
          el("span", { class: "near-name", text: item.name }),
          el("span", {
            class: "near-far",
            text: `${compass(item.bearing)} ${distance(item.distance_m)}`,
          }),
        ),
      ),
    ),
  );
}

/** The names behind the numbers, by layer, of the widest ring. */
function names({ rings }, slugs) {
  const widest = rings.at(-1);
  if (!widest) return null;
  return el(
    "div",
    { class: "names" },
    slugs
      .filter((slug) => widest.facilities[slug]?.length)
      .map((slug) => {
        const items = widest.facilities[slug];
        const hidden = items.length - MOST;
        return el(
          "details",
          {},
          el(
            "summary",
            {},
            symbol(layerSymbol(slug), "small"),
            ` ${layerTitle(slug)} `,
            el("span", { class: "quiet", text: String(items.length) }),
            " ",
            layerNote(slug) && el("span", { class: "mark", text: layerNote(slug) }),
          ),
          el(
            "ol",
            {},
            items
              .slice(0, MOST)
              .map((item) =>
                el(
                  "li",
                  {},
                  el("span", { class: "near-name", text: item.name }),
                  el("span", { class: "near-far", text: distance(item.distance_m) }),
                ),
              ),
          ),
          hidden > 0 &&
            el("p", { class: "meta", text: say(gettext("and %(n)s more"), { n: hidden }) }),
        );
      }),
  );
}
