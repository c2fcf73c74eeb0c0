/* Map bar: what stands on the map's edge: zoom, fit, layers, legend, scale, coordinates,
   sources. Promises: the legend names only symbols that are on the map now; coordinates are
   WGS 84 and say so. Must not know: how layers and incidents are drawn. */

import { button, byId, debounce, el, fill, symbol } from "./dom.js";
import {
  layerNote,
  layerSwitches,
  layerTitle,
  pointLayers,
  showAttribution,
  whenLayersChange,
} from "./layers.js";
import { round, theMap, zoomBy } from "./map.js";
import { GRADES, gradeName, named } from "./words.js";

const parts = {};
let typesBySymbol = new Map();

/** `fit()` shows all listed incidents; `contextMenu(point)` is called for a right click or long press. */
export function startMapBar({ fit, types, create }) {
  typesBySymbol = new Map();
  for (const type of types)
    if (!typesBySymbol.has(type.symbol) && type.symbol) typesBySymbol.set(type.symbol, type);
  parts.layers = el("div", { class: "flyout", hidden: true, id: "layers-flyout" });
  parts.legend = el("div", { class: "flyout", hidden: true, id: "legend-flyout" });
  parts.layersButton = opener(gettext("Layers"), "L", () => showLayers());
  parts.legendButton = opener(gettext("Legend"), "", () => showLegend(parts.legend.hidden));
  parts.scale = el("div", { class: "scale" });
  parts.position = el("div", { class: "position coordinates" });
  parts.sources = el("div", { class: "sources" });
  byId("map").append(
    el(
      "div",
      { class: "map-tools" },
      parts.layers,
      parts.legend,
      el("div", { class: "tool-row" }, parts.layersButton, parts.legendButton),
      el(
        "div",
        { class: "tool-column" },
        button("★", fit, {
          title: gettext("Fit the map to the listed incidents"),
          key: "F",
          "aria-label": gettext("Fit the map to the listed incidents"),
        }),
        button("＋", () => zoomBy(1), {
          title: gettext("Nearer"),
          "aria-label": gettext("Nearer"),
        }),
        button("−", () => zoomBy(-1), {
          title: gettext("Further"),
          "aria-label": gettext("Further"),
        }),
      ),
    ),
    el("div", { class: "map-foot" }, parts.scale, parts.position, parts.sources),
  );
  whenLayersChange(() => {
    showAttribution(parts.sources);
    if (!parts.layers.hidden) fillLayers();
    if (!parts.legend.hidden) fillLegend();
  });
  showAttribution(parts.sources);
  const map = theMap();
  if (!map) return;
  map.on("move", drawScale);
  map.on("mousemove", ({ lngLat }) => {
    parts.position.textContent = `${lngLat.lng.toFixed(5)}, ${lngLat.lat.toFixed(5)} (WGS 84)`;
  });
  map.on(
    "idle",
    debounce(150, () => parts.legend.hidden || fillLegend()),
  );
  if (create) {
    map.on("contextmenu", ({ lngLat }) =>
      create({ lon: round(lngLat.lng), lat: round(lngLat.lat) }),
    );
  }
  drawScale();
}

const opener = (label, key, onClick) => button(label, onClick, { key, "aria-expanded": "false" });

export function showLayers(shown = parts.layers.hidden) {
  parts.layers.hidden = !shown;
  parts.layersButton.setAttribute("aria-expanded", String(shown));
  if (shown) {
    showLegend(false);
    fillLayers();
    parts.layers.querySelector("input")?.focus();
  }
}

function showLegend(shown) {
  parts.legend.hidden = !shown;
  parts.legendButton.setAttribute("aria-expanded", String(shown));
  if (shown) {
    showLayers(false);
    fillLegend();
  }
}

/** Close what is open; false when nothing was. */
export function closeFlyouts() {
  const any = !parts.layers.hidden || !parts.legend.hidden;
  showLayers(false);
  showLegend(false);
  return any;
}

function fillLayers() {
  fill(parts.layers, el("h2", { text: gettext("Layers") }), layerSwitches());
}

/** Only what is drawn now. */
function fillLegend() {
  const map = theMap();
  if (!map) return;
  const present = (ids) => {
    const layers = ids.filter((id) => map.getLayer(id));
    return layers.length ? map.queryRenderedFeatures({ layers }) : [];
  };
  const marks = present(["incidents"]);
  const clusters = present(["clusters"]);
  const symbols = new Set(marks.map((mark) => mark.properties.image.split(":")[1]));
  const grades = new Set([
    ...marks.map((mark) => mark.properties.order),
    ...clusters.map((mark) => mark.properties.worst),
  ]);
  const slugs = new Set(
    present(pointLayers().map((layer) => `${layer.slug}:icon`)).map(
      (one) => one.layer.metadata.slug,
    ),
  );
  const rows = [
    [1, 2, 3, 4, 5]
      .filter((grade) => grades.has(grade))
      .map((grade) =>
        el(
          "li",
          {},
          el("span", { class: `badge grade-${grade % 5}`, text: GRADES[grade] || "—" }),
          gradeName(grade < 5 ? grade : null),
        ),
      ),
    [...symbols].map((name) =>
      el(
        "li",
        {},
        el("span", { class: "round" }, symbol(name)),
        typesBySymbol.has(name) ? named(typesBySymbol.get(name)) : name,
      ),
    ),
    pointLayers()
      .filter((layer) => slugs.has(layer.slug))
      .map((layer) =>
        el(
          "li",
          {},
          el("span", { class: "square" }, symbol(layer.symbol || "places")),
          layerTitle(layer.slug),
          layerNote(layer.slug) && el("span", { class: "mark", text: layerNote(layer.slug) }),
        ),
      ),
  ].flat();
  fill(
    parts.legend,
    el("h2", { text: gettext("Legend") }),
    rows.length
      ? el("ul", { class: "legend" }, rows)
      : el("p", { class: "empty", text: gettext("No symbols in view.") }),
  );
}

/** A bar of a round length. */
function drawScale() {
  const map = theMap();
  const { lat } = map.getCenter();
  const perPixel = (40075016.7 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
  const most = perPixel * 110;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((step) => step * power).find((one) => one <= most);
  fill(
    parts.scale,
    el("span", { class: "scale-bar", css: { "--length": `${metres / perPixel}px` } }),
    metres >= 1000 ? `${metres / 1000} km` : `${metres} m`,
  );
}
