/* Marks: incidents on the map, and what points at one of them. Owns the live sources:
   incidents (clustered by the worst grade in them), the selected one, the pin of a chosen
   place, the rings of a survey, and the signal of unseen Ⅰ and Ⅱ. Promises: draws what it is
   given at most five times a second, however many changes come. Must not know: filters,
   panels. */

import { el, paced } from "./dom.js";
import { showPoint, theMap, whenClicked, zoomBy } from "./map.js";

import { eventImage, loadGlyphs, ringOf } from "./symbols.js";
import { GRADES } from "./words.js";
import { colour, FONT, FONT_BOLD, scale } from "./tokens.js";

const UNGRADED = 5; // sorts behind Ⅳ
const EARTH = 6371008.8;
const BLINKS = 8; // at most so many at once
const BLINKING = 1600; // ms, twice 700 and a rest

const empty = { type: "FeatureCollection", features: [] };
const signalled = new Set(); // ids that blinked
let symbolOf = () => "event";
let wanted = [];
let unseen = new Set(); // ids of wanted ones that signal
let pinMarker = null;

const textSize = (size) => size * scale();

/** Add the live sources; `open(id)` is called for a clicked incident. */
export async function startMarks({ types, open }) {
  const symbols = new Map(types.map((type) => [type.code, type.symbol || "event"]));
  symbolOf = (code) => symbols.get(code) ?? "event";
  await loadGlyphs(["event", ...symbols.values()]);
  const map = theMap();
  if (!map) return;
  map.addSource("rings", { type: "geojson", data: empty });
  map.addSource("selected", { type: "geojson", data: empty });
  map.addSource("incidents", {
    type: "geojson",
    data: empty,
    cluster: true,
    clusterRadius: 44 * scale(),
    clusterMaxZoom: 12,
    clusterProperties: { worst: ["min", ["get", "order"]], unseen: ["max", ["get", "unseen"]] },
  });
  for (const layer of liveLayers()) map.addLayer(layer);
  whenClicked(["incidents"], (feature) => open(feature.properties.id));
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
      id: "rings",
      type: "line",
      source: "rings",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: {
        "line-color": colour("map-accent"),
        "line-width": 1.4,
        "line-dasharray": [3, 2],
        "line-opacity": 0.9,
      },
    },
    {
      id: "ring-labels",
      type: "symbol",
      source: "rings",
      filter: ["==", ["geometry-type"], "Point"],
      layout: {
        "text-field": ["get", "label"],
        "text-font": FONT,
        "text-size": textSize(11),
        "text-allow-overlap": true,
      },
      paint: { "text-color": colour("map-accent"), ...halo },
    },
    {
      id: "selected",
      type: "circle",
      source: "selected",
      paint: {
        "circle-radius": 22 * scale(),
        "circle-color": colour("accent"),
        "circle-opacity": 0.18,
        "circle-stroke-color": colour("accent"),
        "circle-stroke-width": 2.5,
      },
    },
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
    ?.setData({ type: "FeatureCollection", features: wanted.map(feature) });
});

function feature({ id, title, type_code: code, grade, state, location }) {
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [location.lon, location.lat] },
    properties: {
      id,
      title: title.length > 24 ? `${title.slice(0, 23)}…` : title,
      image: eventImage(symbolOf(code), grade, ringOf(state)),
      order: grade ?? UNGRADED,
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

/** Point at one incident, or at none. */
export function showSelected(incident) {
  const features = incident?.location
    ? [
        {
          type: "Feature",
          properties: {},
          geometry: { type: "Point", coordinates: [incident.location.lon, incident.location.lat] },
        },
      ]
    : [];
  theMap()?.getSource("selected")?.setData({ type: "FeatureCollection", features });
}

/** The pin of a place that was chosen; it can be dragged where `onMove` is given. */
export function showPin(point, onMove = null) {
  pinMarker?.remove();
  pinMarker = null;
  if (!point || !theMap()) return;
  pinMarker = new maplibregl.Marker({ color: colour("accent"), draggable: Boolean(onMove) })
    .setLngLat([point.lon, point.lat])
    .addTo(theMap());
  if (onMove) {
    pinMarker.on("dragend", () => {
      const { lng, lat } = pinMarker.getLngLat();
      onMove({ lon: Math.round(lng * 1e6) / 1e6, lat: Math.round(lat * 1e6) / 1e6 });
    });
  }
}

/** Circles of these radii (metres) around a point, each with its distance. */
export function showRings(point, radii) {
  const features = point ? radii.flatMap((radius) => ring(point, radius)) : [];
  theMap()?.getSource("rings")?.setData({ type: "FeatureCollection", features });
}

function ring({ lon, lat }, radius) {
  const at = (angle) => {
    const north = ((radius * Math.cos(angle)) / EARTH) * (180 / Math.PI);
    const east =
      ((radius * Math.sin(angle)) / (EARTH * Math.cos((lat * Math.PI) / 180))) * (180 / Math.PI);
    return [lon + east, lat + north];
  };
  const line = Array.from({ length: 97 }, (_, step) => at((step / 96) * 2 * Math.PI));
  const text = radius < 1000 ? `${radius} m` : `${radius / 1000} km`;
  return [
    { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: line } },
    {
      type: "Feature",
      properties: { label: text },
      geometry: { type: "Point", coordinates: at(0) },
    },
  ];
}
