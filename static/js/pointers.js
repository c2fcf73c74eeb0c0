/* Pointers: what points at one thing on the map: the selected incident, the pin of a chosen place,
   the rings of a survey. Promises: without a map they do nothing. Must not know: what is pointed
   at. */

import { round, theMap } from "./map.js";
import { colour, FONT, scale } from "./tokens.js";

const EARTH = 6371008.8; // metres
const empty = { type: "FeatureCollection", features: [] };
let pinMarker = null;

/** Add the sources and layers; before those of the incidents, which lie over them. */
export function startPointers() {
  const map = theMap();
  if (!map) return;
  map.addSource("rings", { type: "geojson", data: empty });
  map.addSource("selected", { type: "geojson", data: empty });
  for (const layer of pointerLayers()) map.addLayer(layer);
  addEventListener("theme", () => {
    for (const layer of pointerLayers()) {
      for (const [name, value] of Object.entries(layer.paint))
        map.setPaintProperty(layer.id, name, value);
    }
  });
}

function pointerLayers() {
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
        "text-size": 11 * scale(),
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
  ];
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
      onMove({ lon: round(lng), lat: round(lat) });
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
