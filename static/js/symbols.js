/* Symbols: pictures for the map made of static/symbols, on demand. Owns the frames: events
   stand in a round frame, everything else in a square one; grade is the fill, state the ring;
   dash and double line say the state without colour too; four corners stand around what another
   node is in charge of. Promises: an image exists as soon as
   the map asks for its name. Must not know: which things are on the map. */

import { symbolUrl } from "./dom.js";
import { colour } from "./tokens.js";

const RATIO = 2;
const glyphs = new Map(); // name -> HTMLImageElement, decoded

/** Load glyphs before the map asks for pictures of them. */
export async function loadGlyphs(names) {
  await Promise.all([...new Set(names)].map(load));
}

async function load(name) {
  if (glyphs.has(name)) return;
  const image = new Image(64, 64);
  image.src = symbolUrl(name);
  await image.decode().then(
    () => glyphs.set(name, image),
    () => {},
  );
}

/** The name of an incident's picture. */
export const eventImage = (symbolName, grade, ring, foreign) =>
  ["event", symbolName, grade ?? 0, ring, foreign ? "foreign" : "own"].join(":");

/** Which ring a state has. */
export const ringOf = (state) =>
  ({ received: "open", verified: "plain", reported: "plain", handling: "double" })[state] ??
  "closed";

/** Answer the map's question for an image. */
export function provideImages(map) {
  map.on("styleimagemissing", ({ id }) => {
    const [kind, name, ...look] = id.split(":");
    if (kind === "event") map.addImage(id, eventPicture(name, ...look), { pixelRatio: RATIO });
    else if (kind === "layer") map.addImage(id, squarePicture(name), { pixelRatio: RATIO });
  });
}

/** Draw all pictures again, in the colours of the theme of now. */
export function renewImages(map) {
  for (const id of map.listImages()) {
    const [kind, name, ...look] = id.split(":");
    if (kind === "event") map.updateImage(id, eventPicture(name, ...look));
    else if (kind === "layer") map.updateImage(id, squarePicture(name));
  }
}

function canvas(size) {
  const made = document.createElement("canvas");
  made.width = made.height = size * RATIO;
  // kept in memory: reading a picture back from the graphics card waits for everything drawn there
  const pen = made.getContext("2d", { willReadFrequently: true });
  pen.scale(RATIO, RATIO);
  return [pen, made.width];
}

function eventPicture(name, grade, ring, origin) {
  const size = 36;
  const [pen, pixels] = canvas(size);
  const middle = size / 2;
  const closed = ring === "closed";
  const fill = colour(closed ? "surface" : `grade-${grade}`);
  const ink = closed ? colour(`grade-${grade}`) : colour(`grade-${grade}-text`);
  disc(pen, middle, 16.5, colour("surface"));
  disc(pen, middle, 14, fill);
  pen.lineWidth = ring === "double" ? 2 : 1.6;
  pen.strokeStyle = colour("text");
  if (ring === "open") pen.setLineDash([4, 3]);
  if (closed) pen.strokeStyle = ink;
  circle(pen, middle, 15.6);
  if (ring === "double") {
    pen.lineWidth = 1;
    pen.strokeStyle = ink;
    circle(pen, middle, 12.4);
  }
  if (origin === "foreign") corners(pen, size);
  drawGlyph(pen, name, middle, 18, ink);
  return pen.getImageData(0, 0, pixels, pixels);
}

/** Four corners around what another node is in charge of. */
function corners(pen, size) {
  const [near, far, length] = [1.5, size - 1.5, 8];
  pen.setLineDash([]);
  pen.lineCap = "square";
  for (const [width, tone] of [
    [4.5, colour("surface")],
    [2, colour("text")],
  ]) {
    pen.lineWidth = width;
    pen.strokeStyle = tone;
    pen.beginPath();
    for (const x of [near, far])
      for (const y of [near, far]) {
        pen.moveTo(x, y + Math.sign(size / 2 - y) * length);
        pen.lineTo(x, y);
        pen.lineTo(x + Math.sign(size / 2 - x) * length, y);
      }
    pen.stroke();
  }
}

function squarePicture(name) {
  const size = 24;
  const [pen, pixels] = canvas(size);
  pen.fillStyle = colour("map-halo");
  pen.beginPath();
  pen.roundRect(0.5, 0.5, size - 1, size - 1, 5);
  pen.fill();
  pen.fillStyle = colour("map-symbol");
  pen.beginPath();
  pen.roundRect(2, 2, size - 4, size - 4, 4);
  pen.fill();
  drawGlyph(pen, name, size / 2, 16, colour("map-symbol-text"));
  return pen.getImageData(0, 0, pixels, pixels);
}

function disc(pen, middle, radius, fill) {
  pen.fillStyle = fill;
  pen.beginPath();
  pen.arc(middle, middle, radius, 0, 7);
  pen.fill();
}

function circle(pen, middle, radius) {
  pen.beginPath();
  pen.arc(middle, middle, radius, 0, 7);
  pen.stroke();
}

/** The glyph in one colour: drawn aside, filled through its own shape. */
function drawGlyph(pen, name, middle, size, ink) {
  const image = glyphs.get(name) ?? glyphs.get("event");
  if (!image) return;
  const [aside, pixels] = canvas(size);
  aside.drawImage(image, 0, 0, size, size);
  aside.globalCompositeOperation = "source-in";
  aside.fillStyle = ink;
  aside.fillRect(0, 0, size, size);
  pen.drawImage(
    aside.canvas,
    0,
    0,
    pixels,
    pixels,
    middle - size / 2,
    middle - size / 2,
    size,
    size,
  );
}
