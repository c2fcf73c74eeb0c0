/* Cartography: how each layer of the geo platform looks, in the colours of the theme: a base
   map that is quieter than everything on it. Promises: a layer nobody styled is still drawn,
   by its kind; colours come from css/tokens.css alone; `part` says where in the order of the
   map a piece lies. Must not know: sources, the map object, incidents. */

import { colour, FONT, FONT_BOLD, scale } from "./tokens.js";
import { isEnglish } from "./words.js";

const px = (size) => size * scale();
const by = (...stops) => ["interpolate", ["exponential", 1.4], ["zoom"], ...stops];
const name = () =>
  isEnglish
    ? [
        "case",
        ["all", ["has", "name_en"], ["!=", ["get", "name_en"], ""]],
        ["get", "name_en"],
        ["get", "name"],
      ]
    : ["get", "name"];

const line = (id, paint, more = {}) => ({
  id,
  type: "line",
  layout: { "line-cap": "round", "line-join": "round" },
  paint,
  ...more,
});

const label = (id, size, colourName, layout = {}, more = {}) => ({
  id,
  type: "symbol",
  layout: {
    "text-field": name(),
    "text-font": FONT,
    "text-size": Array.isArray(size) ? size : px(size),
    "text-max-width": 8,
    ...layout,
  },
  paint: {
    "text-color": colour(colourName),
    "text-halo-color": colour("map-halo"),
    "text-halo-width": 1.4,
  },
  ...more,
});

const along = (spacing = 320) => ({
  "symbol-placement": "line",
  "symbol-spacing": px(spacing),
  "text-max-angle": 35,
  "text-padding": 8,
});
// beside what already stands there rather than nowhere
const ASIDE = {
  "text-variable-anchor": ["center", "top", "bottom", "right", "left"],
  "text-radial-offset": 1.4,
};
const roadWidth = (factor) =>
  by(
    8,
    [
      "match",
      ["get", "class"],
      ["expressway", "ring"],
      1.1 * factor,
      "main",
      0.5 * factor,
      0.2 * factor,
    ],
    12,
    [
      "match",
      ["get", "class"],
      ["expressway", "ring"],
      3.2 * factor,
      "main",
      2.2 * factor,
      1.3 * factor,
    ],
    16,
    [
      "match",
      ["get", "class"],
      ["expressway", "ring"],
      12 * factor,
      "main",
      10 * factor,
      7 * factor,
    ],
  );
const isExpress = ["match", ["get", "class"], ["expressway", "ring"], true, false];

/** Known layers: what lies under (areas), the lines, the labels. Each returns style layers. */
const STYLES = {
  districts: () => [
    { id: "fill", type: "fill", paint: { "fill-color": colour("map-land") } },
    line(
      "glow",
      { "line-color": colour("map-edge-glow"), "line-width": by(8, 3, 13, 9), "line-opacity": 0.8 },
      { part: "edge" },
    ),
    line(
      "edge",
      {
        "line-color": colour("map-edge"),
        "line-width": by(8, 0.9, 13, 1.8),
        "line-dasharray": [5, 2, 1, 2],
      },
      { part: "edge" },
    ),
    label(
      "label",
      by(8, px(12), 12, px(17)),
      "map-text",
      { "text-letter-spacing": 0.12, "text-font": FONT_BOLD, ...ASIDE },
      { part: "area-label", maxzoom: 13.5 },
    ),
  ],
  zones: () => [
    { id: "fill", type: "fill", paint: { "fill-color": colour("map-zone"), "fill-opacity": 0.05 } },
    line(
      "edge",
      {
        "line-color": colour("map-zone"),
        "line-width": by(8, 0.7, 13, 1.4),
        "line-dasharray": [2, 2.4],
      },
      { part: "edge" },
    ),
    label("label", 11, "map-zone", ASIDE, { part: "area-label", minzoom: 9.5, maxzoom: 13.5 }),
  ],
  rivers: () => [
    line(
      "line",
      {
        "line-color": colour("map-water"),
        "line-width": by(
          8,
          ["match", ["get", "width"], "large", 2.4, "medium", 1.3, 0.6],
          13,
          ["match", ["get", "width"], "large", 14, "medium", 7, 2.6],
          16,
          ["match", ["get", "width"], "large", 70, "medium", 36, 10],
        ),
      },
      { part: "water" },
    ),
    label(
      "label",
      11.5,
      "map-water-text",
      { ...along(360), "text-letter-spacing": 0.2 },
      { part: "line-label", minzoom: 9 },
    ),
  ],
  railways: () => [
    line(
      "line",
      { "line-color": colour("map-rail"), "line-width": by(8, 0.6, 13, 1.6) },
      { part: "line" },
    ),
    line(
      "ties",
      {
        "line-color": colour("map-land"),
        "line-width": by(8, 0.3, 13, 0.9),
        "line-dasharray": [4, 4],
      },
      { part: "line", minzoom: 10, layout: {} },
    ),
  ],
  main_roads: () => roads(true),
  ring_roads: () => roads(false),
  city_wall: () => [
    line(
      "line",
      { "line-color": colour("map-wall"), "line-width": by(9, 1.2, 13, 3.4, 16, 9) },
      { part: "line" },
    ),
  ],
  metro_lines: () => [
    line(
      "line",
      {
        "line-color": colour("map-metro"),
        "line-width": by(9, 0.8, 13, 2.2),
        "line-dasharray": [4, 1.2],
      },
      { part: "line", minzoom: 9 },
    ),
    label("label", 10.5, "map-text-soft", along(420), { part: "line-label", minzoom: 12 }),
  ],
  places: () => [
    label(
      "label",
      by(10, px(10.5), 14, px(12)),
      "map-text-soft",
      { "text-padding": 6 },
      { part: "place", minzoom: 10.5 },
    ),
  ],
};

function roads(streets) {
  const visibleStreets = streets
    ? { filter: ["any", isExpress, ["==", ["get", "class"], "main"], [">=", ["zoom"], 11]] }
    : {};
  return [
    line(
      "casing",
      {
        "line-color": ["case", isExpress, colour("map-express-edge"), colour("map-road-edge")],
        "line-width": roadWidth(1.45),
      },
      { part: "casing", minzoom: 9.5, ...visibleStreets },
    ),
    line(
      "line",
      {
        "line-color": ["case", isExpress, colour("map-express"), colour("map-road")],
        "line-width": roadWidth(1),
      },
      { part: "line", ...visibleStreets },
    ),
    label("label", 10.5, "map-text-soft", along(380), { part: "line-label", minzoom: 11.5 }),
  ];
}

/** A layer nobody styled, by its kind. */
const BY_KIND = {
  area: () => [
    { id: "fill", type: "fill", paint: { "fill-color": colour("map-area"), "fill-opacity": 0.25 } },
    line("edge", { "line-color": colour("map-area"), "line-width": 1.2 }, { part: "edge" }),
    label("label", 11, "map-text-soft", {}, { part: "area-label", minzoom: 10 }),
  ],
  line: () => [
    line(
      "line",
      { "line-color": colour("map-area"), "line-width": by(8, 1, 14, 3) },
      { part: "line" },
    ),
    label("label", 10.5, "map-text-soft", along(), { part: "line-label", minzoom: 12 }),
  ],
  point: (layer) => {
    const first = { hospitals: 10.5, fire_stations: 10.5, hazards: 11 }[layer.slug] ?? 12;
    return [
      {
        ...label("icon", 10.5, "map-text-soft", {
          "icon-image": `layer:${layer.symbol || "places"}`,
          "icon-size": by(10, 0.62, 15, 0.9),
          "icon-padding": 1,
          "icon-allow-overlap": false,
          "text-field": ["step", ["zoom"], "", first + 1.8, name()],
          "text-optional": true,
          "text-anchor": "top",
          "text-offset": [0, 0.85],
          "symbol-sort-key": layer.order,
        }),
        part: "point",
        minzoom: first,
      },
    ];
  },
  grid: () => [],
};

/** The pieces of one layer. */
export const piecesOf = (layer) => {
  const known = layer.kind === "point" && layer.slug !== "places" ? undefined : STYLES[layer.slug];
  return (known ?? BY_KIND[layer.kind] ?? (() => []))(layer);
};
