/* Layers: the layers of the geo platform on the map, their switches, notes and sources.
   Promises: a layer says what it is worth (演示数据, 示意, not verified) wherever it is named; a new
   version replaces the old one without a reload; the choice of what is shown is kept in this
   browser. Must not know: how a layer is drawn (mapstyle.js). */

import { stamp } from "./clock.js";
import { el, fill, meta, symbol } from "./dom.js";
import { popup, theMap, whenClicked } from "./map.js";
import { baseStyle, layersOf, sourcesOf } from "./mapstyle.js";
import { loadGlyphs, renewImages } from "./symbols.js";
import { inData, isDemoNote, named, say } from "./words.js";

const KEY = `belltower.layers.${meta("node")}`;
const layers = new Map(); // slug -> layer, as GET /layers gives it
let switches = readSwitches(); // slug -> shown, where it differs from the layer's default
const listeners = [];

function readSwitches() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

const isShown = (layer) => switches[layer.slug] ?? layer.visible;
export const layerTitle = (slug) => (layers.has(slug) ? named(layers.get(slug), "title") : slug);
/** What a layer is worth: its note, and that nobody has verified it, which 演示数据 says too. */
export function layerNote(slug) {
  const { note = "", verified = true } = layers.get(slug) ?? {};
  const told = verified || isDemoNote(note) ? "" : gettext("not verified");
  return [inData(note), told].filter(Boolean).join(" · ");
}
export const layerOrder = (slug) => layers.get(slug)?.order ?? 1e9;
export const layerSymbol = (slug) => layers.get(slug)?.symbol || "places";
export const layerBounds = (slug) => layers.get(slug)?.bounds ?? null;
export const pointLayers = () =>
  [...layers.values()].filter((layer) => layer.kind === "point" && layer.tiles);
export const whenLayersChange = (callback) => listeners.push(callback);

/** Draw the layers that GET /layers answers. */
export async function startLayers(fetched) {
  for (const layer of await fetched) layers.set(layer.slug, layer);
  await loadGlyphs(pointLayers().map((layer) => layer.symbol || "places"));
  const map = theMap();
  if (map) {
    const { sources, layers: styled } = baseStyle([...layers.values()]);
    for (const [id, source] of Object.entries(sources)) map.addSource(id, source);
    for (const layer of styled.slice(1)) map.addLayer(withSwitch(layer));
    whenClicked(() => pointLayers().map((layer) => `${layer.slug}:icon`), showFeature);
  }
  addEventListener("theme", repaint);
  changed();
}

const changed = () => listeners.forEach((callback) => callback());

const withSwitch = (layer) => ({
  ...layer,
  layout: {
    ...layer.layout,
    visibility: isShown(layers.get(layer.metadata.slug)) ? "visible" : "none",
  },
});

/** A layer was published: another version of a known one, or a new one. */
export async function takeLayer(layer) {
  const known = layers.get(layer.slug);
  if (known && known.rev >= layer.rev) return;
  layers.set(layer.slug, layer);
  const map = theMap();
  if (map && layer.tiles) {
    if (layer.kind === "point") await loadGlyphs([layer.symbol || "places"]);
    const before = layersAbove(map, known);
    for (const old of known ? layersOf(known) : [])
      if (map.getLayer(old.id)) map.removeLayer(old.id);
    for (const [id, source] of Object.entries(sourcesOf(layer))) {
      if (map.getSource(id)) map.removeSource(id);
      map.addSource(id, source);
    }
    for (const styled of layersOf(layer)) map.addLayer(withSwitch(styled), before(styled));
  }
  changed();
}

/** For a style layer, the first one that has to lie over it. */
const layersAbove = (map, known) => (styled) =>
  map
    .getStyle()
    .layers.find(
      (other) =>
        other.id !== "beyond" &&
        other.metadata?.slug !== known?.slug &&
        (other.metadata?.rank ?? 99) > styled.metadata.rank,
    )?.id;

function setShown(layer, shown) {
  switches = { ...switches, [layer.slug]: shown };
  try {
    localStorage.setItem(KEY, JSON.stringify(switches));
  } catch {
    // holds until the page is left
  }
  for (const styled of layersOf(layer)) {
    if (theMap()?.getLayer(styled.id))
      theMap().setLayoutProperty(styled.id, "visibility", shown ? "visible" : "none");
  }
  changed();
}

/** The colours of the other theme. */
function repaint() {
  const map = theMap();
  if (!map) return;
  renewImages(map);
  for (const layer of baseStyle([...layers.values()]).layers) {
    if (!map.getLayer(layer.id)) continue;
    for (const [name, value] of Object.entries(layer.paint ?? {}))
      map.setPaintProperty(layer.id, name, value);
  }
}

function showFeature({ properties, layer }, { lng, lat }) {
  const known = layers.get(layer.metadata.slug);
  popup(
    { lon: lng, lat },
    el(
      "div",
      { class: "popup" },
      el("strong", { text: named(properties) }),
      el("span", { class: "meta", text: named(known, "title") }),
      layerNote(known.slug) && el("span", { class: "mark", text: layerNote(known.slug) }),
    ),
  );
}

/** The list of switches, in the order of the map. */
export function layerSwitches() {
  const list = el("ul", { class: "switches" });
  const shown = [...layers.values()]
    .filter((layer) => layer.tiles)
    .sort((a, b) => a.order - b.order);
  for (const layer of shown) {
    const box = el("input", {
      type: "checkbox",
      on: { change: () => setShown(layer, box.checked) },
    });
    box.checked = isShown(layer);
    list.append(
      el(
        "li",
        {},
        el(
          "label",
          { title: sourceText(layer) },
          box,
          layer.kind === "point"
            ? symbol(layer.symbol || "places", "small")
            : el("span", { class: `swatch swatch-${layer.kind}` }),
          el("span", { class: "switch-name", text: named(layer, "title") }),
          layerNote(layer.slug) && el("span", { class: "mark", text: layerNote(layer.slug) }),
        ),
      ),
    );
  }
  return shown.length
    ? list
    : el("p", {
        class: "empty",
        text: gettext("No layers yet. The system administrator imports them."),
      });
}

const sourceText = (layer) =>
  [
    layer.source && say(gettext("Source: %(source)s"), { source: layer.source }),
    say(gettext("Version of %(time)s"), { time: stamp(layer.created_at) }),
    layer.verified ? gettext("verified") : gettext("not verified"),
  ]
    .filter(Boolean)
    .join(" · ");

/** Who has to be named for what is shown now. */
function attributions() {
  const texts = [...layers.values()]
    .filter((layer) => layer.tiles && isShown(layer))
    .map((layer) => inData(layer.attribution));
  return [...new Set(texts.filter(Boolean))];
}

/** Draw the notes of shown layers that are not the real thing into a node. */
export function showAttribution(node) {
  fill(node, ...attributions().map((text) => el("span", { text })));
  node.hidden = !attributions().length;
}
