/* Map: the one map object, its camera and its clicks. Promises: the camera moves only when the
   officer asks (a click on a row, ★, a place chosen) and can go back where it was; the view is
   kept for the next visit; without WebGL everything else of the desk works and the map says
   why it is missing. Must not know: layers (layers.js), incidents (marks.js). */

import { debounce, el, meta } from "./dom.js";
import { baseStyle } from "./mapstyle.js";
import { provideImages } from "./symbols.js";
import { FONT } from "./tokens.js";

const VIEW = `belltower.view.${meta("node")}`;
const CLICK_MARGIN = 5; // px around the pointer in which a thing is hit

let map = null;
let ready = Promise.resolve(); // the style can take sources and layers
let former = null; // camera before the last asked-for move
let clickTaker = null; // takes the next clicks on the map instead of the things on it
let groundTaker = null; // hears of clicks that hit nothing
let opened = null; // the one popup
const clickers = []; // [layer ids, callback]

export const theMap = () => map;

/** Make the map in its region; null where the browser has no WebGL. */
export function createMap(node) {
  const canvas = el("div", { class: "map-canvas" });
  node.prepend(canvas);
  maplibregl.setWorkerUrl(
    new URL(`${meta("static")}maplibre/maplibre-gl-csp-worker.js`, location.href).href,
  );
  try {
    map = new maplibregl.Map({
      container: canvas,
      style: baseStyle([]),
      ...(storedView() ?? { center: [108.94, 34.26], zoom: 9.5 }),
      attributionControl: false,
      localIdeographFontFamily: FONT.join(","),
      minZoom: 5,
      maxZoom: 18.5,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      keyboard: false,
      fadeDuration: 120,
      refreshExpiredTiles: false,
      locale: mapWords(),
    });
  } catch {
    node.classList.add("no-map");
    canvas.replaceWith(
      el(
        "div",
        { class: "no-map-note" },
        el("h2", { text: gettext("The map cannot be drawn") }),
        el("p", {
          text: gettext(
            "This browser has no WebGL, or it is switched off. Lists, forms and places by search work; positions are shown as coordinates.",
          ),
        }),
      ),
    );
    return null;
  }
  ready = new Promise((resolve) => map.once("style.load", resolve));
  map.touchZoomRotate.disableRotation();
  map.getCanvas().setAttribute("aria-label", gettext("Map of the area"));
  map.on("error", ({ error }) => console.debug("map:", error?.message));
  map.on("moveend", debounce(400, keepView));
  map.on("click", onClick);
  map.on("mousemove", onHover);
  provideImages(map);
  return map;
}

/** Resolves when the style can take sources and layers; at once without a map. */
export const mapReady = () => ready;

const mapWords = () => ({ "Map.Title": gettext("Map") });

function storedView() {
  try {
    const { center, zoom } = JSON.parse(localStorage.getItem(VIEW));
    return { center, zoom };
  } catch {
    return null;
  }
}

export const hasStoredView = () => storedView() !== null;

function keepView() {
  const { lng, lat } = map.getCenter();
  try {
    localStorage.setItem(VIEW, JSON.stringify({ center: [lng, lat], zoom: map.getZoom() }));
  } catch {
    // a browser that keeps nothing starts with the whole area
  }
}

/** Space that columns and notices cover, so that what is shown is not behind them. */
function padding() {
  const stage = map.getContainer().getBoundingClientRect();
  const notices = document.querySelector(".banners").offsetHeight;
  const room = { top: 40 + notices, bottom: 60, left: 30, right: 30 };
  for (const column of document.querySelectorAll(".column:not([hidden]), .aside")) {
    const box = column.getBoundingClientRect();
    if (box.width === 0 || getComputedStyle(column).visibility === "hidden") continue;
    if (box.width > stage.width * 0.9)
      room.bottom = Math.max(room.bottom, stage.bottom - box.top + 20);
    else if (box.left < stage.width / 3) room.left = Math.max(room.left, box.right + 30);
    else room.right = Math.max(room.right, stage.right - box.left + 30);
  }
  if (room.bottom > stage.height * 0.7) room.bottom = 60;
  return room;
}

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function move(change, { remember = true } = {}) {
  if (!map) return;
  if (remember) former = { center: map.getCenter(), zoom: map.getZoom() };
  change({ padding: padding(), duration: still() ? 0 : 450 });
}

/** Show a point; at least as near as `zoom`. */
export function showPoint({ lon, lat }, zoom = 13.5) {
  move((options) =>
    map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), zoom), ...withOffset(options) }),
  );
}

/** easeTo keeps padding for ever; an offset moves the middle once. */
function withOffset({ padding: room, duration }) {
  return { offset: [(room.left - room.right) / 2, (room.top - room.bottom) / 2], duration };
}

/** Show a box [west, south, east, north]. */
export function showBox(
  [west, south, east, north],
  { maxZoom = 14, remember = true, instant = false } = {},
) {
  move(
    (options) =>
      map.fitBounds(
        [
          [west, south],
          [east, north],
        ],
        { ...options, maxZoom, ...(instant && { duration: 0 }) },
      ),
    { remember },
  );
}

/** Back to where the camera was before the last asked-for move; false when there is no before. */
export function goBack() {
  if (!former || !map) return false;
  map.easeTo({ ...former, duration: still() ? 0 : 450 });
  former = null;
  return true;
}

export const zoomBy = (steps) =>
  map?.easeTo({ zoom: map.getZoom() + steps, duration: still() ? 0 : 200 });

/** Let `callback({lon, lat})` have the clicks on the map until it is given back (null). */
export function takeClicks(callback) {
  clickTaker = callback;
  map?.getCanvas().classList.toggle("picks", Boolean(callback));
}

/** Call back with the uppermost feature, the place and all features there when something of these
 * style layers is clicked; later ones win. */
export function whenClicked(layerIds, callback) {
  clickers.unshift([layerIds, callback]);
}

/** Call back with {lon, lat} when a click hits nothing of these. */
export function whenGroundClicked(callback) {
  groundTaker = callback;
}

function hit(point) {
  const box = [
    [point.x - CLICK_MARGIN, point.y - CLICK_MARGIN],
    [point.x + CLICK_MARGIN, point.y + CLICK_MARGIN],
  ];
  for (const [ids, callback] of clickers) {
    const layers = (typeof ids === "function" ? ids() : ids).filter((id) => map.getLayer(id));
    if (!layers.length) continue;
    const found = map.queryRenderedFeatures(box, { layers });
    if (found.length) return [found, callback];
  }
  return null;
}

function onClick({ point, lngLat }) {
  const where = { lon: round(lngLat.lng), lat: round(lngLat.lat) };
  if (clickTaker) return clickTaker(where);
  const [found, callback] = hit(point) ?? [];
  if (found) callback(found[0], lngLat, found);
  else groundTaker?.(where);
}

function onHover({ point }) {
  if (clickTaker || map.isMoving()) return;
  map.getCanvas().classList.toggle("hits", Boolean(hit(point)));
}

/** Degrees to about a decimetre. */
export const round = (degrees) => Math.round(degrees * 1e6) / 1e6;

/** A small text beside a point of the map, in the place of the one before; returns what closes it.
 * It takes the focus unless `focus` is false. */
export function popup({ lon, lat }, content, { onClose = null, offset = 12, focus = true } = {}) {
  if (!map) return () => {};
  closePopup();
  const made = new maplibregl.Popup({
    closeButton: true,
    maxWidth: "20rem",
    offset,
    focusAfterOpen: focus,
    padding: padding(),
  })
    .setLngLat([lon, lat])
    .setDOMContent(content)
    .addTo(map);
  opened = made;
  made.on("close", () => {
    if (opened === made) opened = null;
    onClose?.();
  });
  return () => made.remove();
}

/** Close the popup; false when none was open. */
export function closePopup() {
  if (!opened) return false;
  opened.remove();
  return true;
}
