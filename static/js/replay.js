/* Replay: an exercise moment by moment. Promises: list and map show how every incident stood at the
   moment of the clock and nothing later; a moment can be linked to; without WebGL the lists work.
   Must not know: how moments are worked out. */

import { get } from "./api.js";
import { el, fill, meta } from "./dom.js";
import { exerciseTime } from "./exerciseclock.js";
import { baseStyle } from "./mapstyle.js";
import { colour } from "./tokens.js";
import { GRADES, say } from "./words.js";

const DRAWN = 400; // moments in the list at once, the newest
const SECOND = 1000; // ms, the step of the slider
const TICK = 250; // ms between steps while it plays
const LASTS = 60; // seconds in which a whole exercise is played
const byId = (id) => document.getElementById(id);
const root = byId("replay");
const slider = byId("replay-at");
let moments = [];
let chosen = null; // id of the moment that was asked for
let map = null;
let playing = 0;

/** How each incident stood: the last state up to this moment. */
function standing(at) {
  const known = new Map();
  for (const one of moments) {
    if (one.at > at) break;
    if (one.state) known.set(one.incident, one.state);
  }
  return known;
}

function draw() {
  const shown = exerciseTime(Number(slider.value));
  const at = Number(slider.value) + SECOND - 1; // all of the second that the clock shows
  const known = standing(at);
  byId("replay-clock").textContent = shown;
  slider.setAttribute("aria-valuetext", shown);
  byId("replay-count").textContent = String(known.size);
  fill(byId("replay-incidents"), ...[...known].map(([id, state]) => incident(id, state)));
  drawMoments(at);
  map?.getSource("incidents")?.setData(features(known));
}

function incident(id, state) {
  const grade = state.grade ? GRADES[state.grade] : "–";
  const title = state.number ? `${state.number} ${state.title}` : state.title;
  return el(
    "li",
    {},
    el("span", { class: `badge grade-${state.grade ?? 0}`, text: grade }),
    " ",
    root.dataset.desk
      ? el("a", { href: `${root.dataset.desk}?incident=${id}`, text: title })
      : el("span", { text: title }),
    el("span", { class: "meta", text: ` ${state.type_name ?? ""} ${state.district_name ?? ""}` }),
  );
}

function drawMoments(at) {
  const until = moments.filter((one) => one.at <= at);
  const list = byId("replay-moments");
  fill(list, ...until.slice(-DRAWN).map((one) => moment(one, one === until.at(-1))));
  const here = list.querySelector(".chosen") ?? list.lastElementChild;
  if (here) list.scrollTop = here.offsetTop - list.clientHeight / 2;
}

const moment = (one, last) =>
  el(
    "li",
    {
      class: [one.id === chosen && "chosen", last && "last"].filter(Boolean).join(" "),
      "aria-current": one.id === chosen || (!chosen && last) ? "true" : null,
    },
    el("button", { type: "button", class: "bare", text: exerciseTime(one.at), on: { click: () => go(one) } }),
    " ",
    el("strong", { text: one.what }),
    " ",
    el("span", { text: one.words }),
    " ",
    el("span", { class: "meta", text: `${one.author} ${one.node_name}` }),
  );

function go(one) {
  chosen = one.id;
  slider.value = Math.floor(one.at / SECOND) * SECOND;
  history.replaceState(null, "", `?event=${one.id}`);
  draw();
  const state = standing(one.at).get(one.incident);
  if (map && state?.lon != null) map.jumpTo({ center: [state.lon, state.lat], zoom: 12.5 });
}

function features(known) {
  const points = [...known].filter(([, state]) => state.lon != null);
  return {
    type: "FeatureCollection",
    features: points.map(([id, { lon, lat, title, grade }]) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lon, lat] },
      properties: { id, title, grade: grade ?? 0 },
    })),
  };
}

async function startMap() {
  maplibregl.setWorkerUrl(
    new URL(`${meta("static")}maplibre/maplibre-gl-csp-worker.js`, location.href).href,
  );
  const layers = (await get("layers")).filter((layer) => layer.kind !== "point" && layer.visible);
  try {
    map = new maplibregl.Map({
      container: "replay-map",
      style: baseStyle(layers),
      center: [108.94, 34.26],
      zoom: 8.5,
      attributionControl: false,
      dragRotate: false,
      keyboard: false,
    });
  } catch {
    byId("replay-map").append(el("p", { class: "meta", text: gettext("The map cannot be drawn") }));
    return;
  }
  map.on("error", ({ error }) => console.debug("map:", error?.message));
  await new Promise((resolve) => map.once("style.load", resolve));
  map.addSource("incidents", { type: "geojson", data: features(new Map()) });
  const grades = [1, 2, 3, 4].flatMap((grade) => [grade, colour(`grade-${grade}`)]);
  map.addLayer({
    id: "incidents",
    type: "circle",
    source: "incidents",
    paint: {
      "circle-radius": 9,
      "circle-color": ["match", ["get", "grade"], ...grades, colour("grade-0")],
      "circle-stroke-color": colour("surface"),
      "circle-stroke-width": 2.5,
    },
  });
  map.addLayer({
    id: "titles",
    type: "symbol",
    source: "incidents",
    layout: {
      "text-field": ["get", "title"],
      "text-size": 12.5,
      "text-anchor": "left",
      "text-offset": [1.1, 0],
      "text-max-width": 14,
    },
    paint: { "text-color": colour("text"), "text-halo-color": colour("map-halo"), "text-halo-width": 2 },
  });
}

function play() {
  const button = byId("replay-play");
  if (playing) {
    clearInterval(playing);
    playing = 0;
  } else {
    if (Number(slider.value) >= Number(slider.max)) slider.value = 0;
    chosen = null;
    const step = Math.max(1000, (Number(slider.max) / LASTS / 1000) * TICK);
    playing = setInterval(() => {
      slider.value = Number(slider.value) + step;
      draw();
      if (Number(slider.value) >= Number(slider.max)) play();
    }, TICK);
  }
  button.setAttribute("aria-pressed", String(playing > 0));
  button.textContent = playing ? gettext("Stop") : gettext("Play");
}

async function start() {
  const told = byId("replay-told");
  try {
    const answer = await get(`exercises/${root.dataset.exercise}/replay`);
    moments = answer.moments;
    slider.max = Math.floor(Math.max(answer.ended, moments.at(-1)?.at ?? 0) / SECOND) * SECOND;
    told.hidden = moments.length > 0;
    told.textContent = gettext("Nothing was told or done.");
  } catch (problem) {
    told.textContent = problem.message;
    return;
  }
  root.hidden = false;
  slider.value = slider.max;
  slider.addEventListener("input", () => {
    chosen = null;
    draw();
  });
  byId("replay-play").addEventListener("click", play);
  draw();
  await startMap();
  const asked = new URLSearchParams(location.search).get("event");
  const one = moments.find(({ id }) => id === asked);
  if (one) go(one);
  else draw();
  if (asked && !one) {
    told.hidden = false;
    told.textContent = say(gettext("This moment is not part of the replay: %(id)s"), { id: asked });
  }
}

start();
