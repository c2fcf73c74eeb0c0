/* Map style: layers of the geo platform as sources and layers of the map. Owns the order from
   the ground up. Promises: every style layer says in metadata.slug which layer it belongs to.
   Must not know: looks (cartography.js), incidents (marks.js), the map object. */

import { piecesOf } from "./cartography.js";
import { colour } from "./tokens.js";

/** What lies over what, from the ground up. */
const ORDER = [
  "fill",
  "water",
  "casing",
  "line",
  "edge",
  "place",
  "line-label",
  "point",
  "area-label",
];

/** The style layers of one layer of the platform. Names of areas come from points of their own,
 * because an area that is cut into tiles would be named in each. */
export function layersOf(layer) {
  return piecesOf(layer).map(({ part = "fill", ...made }) => ({
    ...made,
    id: `${layer.slug}:${made.id}`,
    ...(part === "area-label"
      ? { source: `${layer.slug}:labels` }
      : { source: layer.slug, "source-layer": layer.slug }),
    metadata: { slug: layer.slug, rank: ORDER.indexOf(part) },
  }));
}

/** The sources of one layer. */
export function sourcesOf(layer) {
  const [west, south, east, north] = layer.bounds;
  const source = {
    type: "vector",
    tiles: [location.origin + layer.tiles],
    minzoom: layer.min_zoom ?? 0,
    maxzoom: layer.max_zoom ?? 14,
    bounds: [west, south, east, north],
  };
  const found = { [layer.slug]: source };
  if (layer.kind === "area") {
    found[`${layer.slug}:labels`] = { type: "geojson", data: `/api/layers/${layer.slug}/labels` };
  }
  return found;
}

/** The whole style of these layers, each in its place. */
export function baseStyle(layers) {
  const drawn = layers.filter((layer) => layer.tiles);
  const styled = drawn.flatMap(layersOf).sort((a, b) => a.metadata.rank - b.metadata.rank);
  return {
    version: 8,
    sources: Object.assign({}, ...drawn.map(sourcesOf)),
    layers: [
      { id: "beyond", type: "background", paint: { "background-color": colour("map-beyond") } },
      ...styled,
    ],
  };
}
