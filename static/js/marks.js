/* Marks: incidents on the map, clustered by the worst grade in them, and the signal of unseen Ⅰ
   and Ⅱ. Promises: a mark from elsewhere wears its origin; draws what it is given at most five times a second, however many changes
   come; of several incidents at one place the officer says which. Must not know: filters,
   panels. */

import { el, paced } from "./dom.js";
import { popup, showPoint, theMap, whenClicked, zoomBy } from "./map.js";

import { isForeign, nodeName } from "./nodes.js";
import { eventImage, loadGlyphs, ringOf } from "./symbols.js";
import { GRADES, say } from "./words.js";
import { colour, FONT_BOLD, scale } from "./tokens.js";

const UNGRADED = 5; // sorts behind Ⅳ
const BLINKS = 8; // at most so many at once
const BLINKING = 1600; // ms, twice 700 and a rest

const empty = { type: "FeatureCollection", features: [] };
const signalled = new Set(); // ids that blinked
let symbolOf = () => "event";
let wanted = [];
let unseen = new Set(); // ids of wanted ones that signal

const textSize = (size) => size * scale();

/** Add the live sources; `open(id)` is called for a clicked incident. */
export async function startMarks({ types, open }) {
  const symbols = new Map(types.map((type) => [type.code, type.symbol || "event"]));
  symbolOf = (code) => symbols.get(code) ?? "event";
  await loadGlyphs(["event", ...symbols.values()]);
  const map = theMap();
  if (!map) return;
  map.addSource("incidents", {
    type: "geojson",
    data: empty,
    cluster: true,
    clusterRadius: 44 * scale(),
    clusterMaxZoom: 12,
    clusterProperties: { worst: ["min", ["get", "order"]], unseen: ["max", ["get", "unseen"]] },
  });
  for (const layer of liveLayers()) map.addLayer(layer);
  whenClicked(["incidents"], (_feature, { lng, lat }, all) => openOneOf(all, { lng, lat }, open));
  whenClicked(["clusters"], openCluster);
  addEventListener("theme", () => {
    for (const layer of liveLayers()) {
      for (const [name, value] of Object.entries(layer.paint))
        map.setPaintProperty(layer.id, name, value);
    }
  });
  draw();
}

const worstIs = (pick) => [
  "match",
  ["get", "worst"],
  1,
  pick(1),
  2,
  pick(2),
  3,
  pick(3),
  4,
  pick(4),
  pick(0),
];

const clusterSize = (more) => [
  "step",
  ["get", "point_count"],
  ...[15 + more, 10, 18 + more, 100, 22 + more, 1000, 27 + more],
];

function liveLayers() {
  const halo = { "text-halo-color": colour("map-halo"), "text-halo-width": 2 };
  return [
    {
      id: "alarms",
      type: "circle",
      source: "incidents",
      filter: ["==", ["get", "unseen"], 1],
      paint: {
        "circle-radius": ["*", scale(), ["case", ["has", "point_count"], clusterSize(6), 22]],
        "circle-opacity": 0,
        "circle-stroke-width": 3,
        "circle-stroke-color": [
          "case",
          ["==", ["coalesce", ["get", "worst"], ["get", "order"]], 1],
          colour("grade-1"),
          colour("grade-2"),
        ],
      },
    },
    {
      id: "clusters",
      type: "circle",
      source: "incidents",
      filter: ["has", "point_count"],
      paint: {
        "circle-color": worstIs((grade) => colour(`grade-${grade}`)),
        "circle-radius": ["*", scale(), clusterSize(0)],
        "circle-stroke-color": colour("surface"),
        "circle-stroke-width": 2.5,
      },
    },
    {
      id: "cluster-labels",
      type: "symbol",
      source: "incidents",
      filter: ["has", "point_count"],
      layout: {
        "text-field": [
          "concat",
          worstIs((grade) => (grade ? `${GRADES[grade]}\n` : "")),
          ["get", "point_count_abbreviated"],
        ],
        "text-font": FONT_BOLD,
        "text-size": textSize(11.5),
        "text-line-height": 1.02,
        "text-allow-overlap": true,
      },
      paint: { "text-color": worstIs((grade) => colour(`grade-${grade}-text`)) },
    },
    {
      id: "incidents",
      type: "symbol",
      source: "incidents",
      filter: ["!", ["has", "point_count"]],
      layout: {
        "icon-image": ["get", "image"],
        "icon-size": 0.86 * scale(),
        "icon-allow-overlap": true,
        "text-field": ["step", ["zoom"], "", 11, ["get", "title"]],
        "text-font": FONT_BOLD,
        "text-size": textSize(12),
        "text-anchor": "top",
        "text-offset": [0, 1.35],
        "text-max-width": 11,
        "text-optional": true,
        "symbol-sort-key": ["get", "order"],
      },
      paint: { "text-color": colour("text"), ...halo },
    },
  ];
}

/** Several incidents at one place: the officer says which. */
function openOneOf(features, { lng, lat }, open) {
  const found = new Map(features.map(({ properties }) => [properties.id, properties]));
  if (found.size === 1) return open(features[0].properties.id);
  const worstFirst = [...found.values()].sort((a, b) => a.order - b.order);
  const choices = worstFirst.map(({ id, name, order }) =>
    el(
      "button",
      { type: "button", class: "bare", on: { click: () => (close(), open(id)) } },
      el("span", { class: `badge grade-${order % UNGRADED}`, text: GRADES[order] || "—" }),
      el("span", { text: name }),
    ),
  );
  const close = popup({ lon: lng, lat }, el("div", { class: "popup" }, choices));
}

function openCluster(feature, { lng, lat }) {
  theMap()
    .getSource("incidents")
    .getClusterExpansionZoom(feature.properties.cluster_id)
    .then((zoom) =>
      showPoint(
        {
          lon: feature.geometry.coordinates[0] ?? lng,
          lat: feature.geometry.coordinates[1] ?? lat,
        },
        zoom + 0.2,
      ),
    )
    .catch(() => zoomBy(1));
}

/** Show these incidents, and no others. `isUnseen(incident)`: it signals. */
export function showIncidents(incidents, isUnseen) {
  wanted = incidents.filter((one) => one.location);
  unseen = new Set(wanted.filter(isUnseen).map((one) => one.id));
  draw();
  if (theMap()) blink(wanted.filter((one) => unseen.has(one.id)));
}

const draw = paced(200, () => {
  theMap()
    ?.getSource("incidents")
    ?.setData({ type: "FeatureCollection", features: features() });
});

const orderOf = ({ grade }) => grade ?? UNGRADED;

/** One for each incident; where several stand at one place, their label says how many, and all of
 * them wear the mark of the worst, whichever of them is drawn on top. */
function features() {
  const placed = new Map(); // place -> incidents, the worst first
  const place = ({ location }) => `${location.lon.toFixed(5)} ${location.lat.toFixed(5)}`;
  for (const one of wanted) {
    if (!placed.has(place(one))) placed.set(place(one), []);
    placed.get(place(one)).push(one);
  }
  for (const here of placed.values()) here.sort((a, b) => orderOf(a) - orderOf(b));
  return wanted.map((one) => feature(one, placed.get(place(one))));
}

function markOf(incident) {
  const { type_code: code, grade, state } = incident;
  return eventImage(symbolOf(code), grade, ringOf(state), isForeign(incident));
}

function feature(incident, here) {
  const { id, title, location, home } = incident;
  const cut = title.length > 24 ? `${title.slice(0, 23)}…` : title;
  const told = { n: here.length, title: cut };
  const short = told.n > 1 ? say(gettext("%(n)s here: %(title)s"), told) : cut;
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [location.lon, location.lat] },
    properties: {
      id,
      name: title,
      title: isForeign(incident) ? `${short}\n[${nodeName(home)}]` : short,
      image: markOf(here[0]),
      order: orderOf(incident),
      unseen: unseen.has(id) ? 1 : 0,
    },
  };
}

/** Incidents that signal since now blink twice at their place (css/map.css); the ring that stays is
 * drawn by the map itself. */
function blink(unseen) {
  const fresh = unseen.filter((one) => !signalled.has(one.id));
  for (const one of fresh) signalled.add(one.id);
  for (const one of fresh.slice(0, BLINKS)) {
    const element = el("div", { class: `alarm alarm-${one.grade}`, "aria-hidden": "true" });
    const at = [one.location.lon, one.location.lat];
    const marker = new maplibregl.Marker({ element }).setLngLat(at).addTo(theMap());
    setTimeout(() => marker.remove(), BLINKING);
  }
}
