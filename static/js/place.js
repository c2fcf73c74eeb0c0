/* Place: the control of a form that says where: address, search, pasted coordinates, the map.
   Promises: the point as it was given travels with its system; coordinates are never kept as mere
   words; what looks wrong is asked about and never changed by itself; what lies around is shown as
   soon as there is a point. Must not know: the rest of the form. */

import { get, query } from "./api.js";
import { districtOf, surveyView } from "./around.js";
import { combobox } from "./combobox.js";
import { button, debounce, el, fill } from "./dom.js";
import { layerNote } from "./layers.js";
import { showPin } from "./pointers.js";
import { showPoint } from "./map.js";
import { named, say, SYSTEMS } from "./words.js";

/** {element, input, read, write, setPoint, takePlace, ask, settle, survey}. `onChange()` after each
 * change, `around` is the node of the survey. */
export function placeField({ onChange, around, id = "place" }) {
  const input = el("input", {
    id,
    maxlength: 300,
    spellcheck: "false",
    placeholder: gettext("Name, address or coordinates; or click on the map"),
  });
  const shown = el("div", { class: "point" });
  const questions = el("div", { class: "questions", role: "alert" });
  let point = null; // {lon, lat, crs, confirmed}
  let seen = null; // the same in WGS 84, for the map
  let takenFrom = ""; // the words of the place that the point was taken from
  let request = null;
  let survey = null;
  let other = null; // coordinates in the field that are not the point
  let doubts = []; // hints that wait for an answer
  let order = ""; // lat_lon: latitude was taken to come first, which the text did not say

  const box = combobox({
    input,
    find: findPlaces,
    empty: gettext("No such place. A click on the map sets the point."),
    choose: (place) => takePlace(place),
  });
  const element = el("div", { class: "place" }, box.element, shown, questions);
  const lookAgain = debounce(500, () => point && look());
  input.addEventListener("input", () => {
    if (other) {
      other = null;
      drawQuestions();
    }
    drawPoint();
    onChange();
    lookAgain();
  });

  /** Take a place of the search, and these words for it. */
  function takePlace(place, words = place.kind === "feature" ? place.name : place.district) {
    input.value = words ?? "";
    showPoint(place);
    return set(
      {
        ...(place.typed ?? { lon: place.lon, lat: place.lat }),
        crs: place.typed ? place.crs : "wgs84",
      },
      place,
      place.assumed_order,
      words,
    );
  }

  /** Take a point in WGS 84 from the map. */
  function setPoint(where) {
    document.body.classList.remove("picking");
    set({ ...where, crs: "wgs84" }, where);
  }

  function set(given, where = null, assumed = "", words = "") {
    point = given;
    takenFrom = words ?? "";
    order = assumed ?? "";
    seen = where ? { lon: where.lon, lat: where.lat } : null;
    survey = other = null;
    draw();
    onChange();
    if (point) return look();
    fill(around, hint());
    return Promise.resolve();
  }

  /** Before saving: coordinates that stand in the field become the point, as if their first reading
   * had been chosen; where there is another point already, the officer says which one holds. False
   * while there is a question that only this form asks. */
  async function settle() {
    if ((await settleText()) && !isAsking()) return true;
    questions.querySelector("button")?.focus();
    return false;
  }

  async function settleText() {
    const text = input.value.trim();
    if (!/\d\D+\d/.test(text)) return true;
    const typed = await reading(text);
    if (!typed) {
      const among = !point && (await reading(PAIR.exec(text)?.[0])); // among other words
      if (among) await takePlace(among, text);
      return true;
    }
    if (!point || isNear(typed, seen ?? point)) {
      await takePlace(typed);
      return true;
    }
    other = typed;
    drawQuestions();
    return false;
  }

  /** A phone shows the form or the map: this turns to the map until a point is taken. */
  const pick = () =>
    button(gettext("Pick on the map"), () => document.body.classList.add("picking"), {
      class: "text only-phone",
    });

  function draw() {
    showPin(seen, seen && ((where) => setPoint(where)));
    doubts = [];
    drawQuestions();
    drawPoint();
  }

  function drawPoint() {
    if (!point) return fill(shown, noPoint(), pick());
    fill(
      shown,
      el("span", {
        class: "coordinates",
        text: `${point.lon.toFixed(5)}, ${point.lat.toFixed(5)} · ${SYSTEMS[point.crs]}`,
      }),
      order && el("span", { class: "order", text: ORDER }),
      !input.value.includes(takenFrom) &&
        el("span", {
          class: "no-position",
          text: say(gettext("The point is still at %(place)s."), { place: takenFrom }),
        }),
      survey?.districts.length ? el("strong", { text: districtOf(survey) }) : null,
      button(gettext("Clear"), () => set(null), { class: "text" }),
      pick(),
    );
  }

  const noPoint = () =>
    input.value.trim()
      ? el("span", {
          class: "no-position",
          text: gettext("Words only, no position yet: it is on no map, nothing around is looked up."),
        })
      : el("span", { class: "quiet", text: gettext("No point yet") });

  /** Ask what lies around, and whether the point looks right. */
  async function look() {
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    around.classList.add("loading");
    try {
      const { lon, lat, crs } = point;
      const answer = await get(
        `survey?${query({ lon, lat, crs, address: input.value.trim() })}`,
        signal,
      );
      if (!element.isConnected) return; // saved or closed meanwhile
      if (answer.survey) {
        survey = answer.survey;
        seen = { lon: survey.lon, lat: survey.lat };
      }
      draw();
      ask(answer.hints);
      fill(around, survey ? surveyView(survey, { compact: true }) : hint());
      onChange();
    } catch (problem) {
      if (!signal.aborted) fill(around, el("p", { class: "complaint", text: problem.message }));
    } finally {
      if (!signal.aborted) around.classList.remove("loading");
    }
  }

  /** Show what looks wrong about the point; the answer is the officer's. */
  function ask(hints) {
    doubts = point && !point.confirmed ? hints : [];
    drawQuestions();
    if (doubts.length) questions.querySelector("button")?.scrollIntoView({ block: "nearest" });
  }

  function drawQuestions() {
    const held = questions.contains(document.activeElement);
    fill(questions, other && otherQuestion(), isAsking() && orderQuestion(), doubts.map(doubtful));
    if (held) questions.querySelector("button")?.focus();
  }

  const isAsking = () => order === "lat_lon" && point !== null;

  const otherQuestion = () =>
    question(gettext("The coordinates in the field are not the point on the map."), [
      button(gettext("Take the coordinates"), () => takePlace(other)),
      button(gettext("Keep the point"), () => {
        other = null;
        input.value = survey?.districts[0]?.name ?? "";
        draw();
        look();
      }),
    ]);

  const orderQuestion = () =>
    question(
      say(gettext("Taken as latitude %(lat)s, longitude %(lon)s. Is that the order?"), point),
      [
        button(gettext("Yes, latitude first"), () => {
          order = "said";
          draw();
          look();
        }),
        button(gettext("No, clear them"), () => set(null)),
      ],
    );

  const doubtful = ({ message, suggestion }) =>
    question(message, [
      suggestion &&
        button(
          suggestion.crs === point.crs ? gettext("Swap them") : correction(suggestion.crs),
          () => set({ ...suggestion }, null, order),
        ),
      button(gettext("Keep as it is"), () => {
        point = { ...point, confirmed: true };
        doubts = [];
        drawQuestions();
        onChange();
      }),
    ]);

  const hint = () =>
    el("p", {
      class: "empty",
      text: gettext(
        "As soon as there is a point: district, people, schools, hospitals, hazards and stations around it.",
      ),
    });

  fill(around, hint());
  draw();
  return {
    element,
    input,
    setPoint,
    takePlace,
    ask,
    settle,
    read: () => ({ address: input.value.trim(), location: point }),
    /** How latitude came to be first, for a draft. */
    order: () => order,
    write({ address, location, wgs84 = null, order: assumed = "" }) {
      input.value = address ?? "";
      if (location) set(location, wgs84 ?? (location.crs === "wgs84" ? location : null), assumed);
      else set(null);
    },
    survey: () => survey,
  };
}

const question = (text, answers) =>
  el("div", { class: "question" }, el("p", { text }), el("div", { class: "answers" }, answers));

const PAIR = /[+-]?\d{1,3}\.\d{2,}\D{1,6}?[+-]?\d{1,3}\.\d{2,}/;

/** The first reading of a text that is nothing but a pair of coordinates; null for any other. */
async function reading(text) {
  if (!text) return null;
  const [first] = await get(`places?${query({ q: text, limit: 1 })}`);
  return first?.kind === "coordinates" ? first : null;
}

/** The same point, to a few metres. */
const isNear = (a, b) => Math.abs(a.lon - b.lon) < 5e-5 && Math.abs(a.lat - b.lat) < 5e-5;

const ORDER = gettext("read as latitude, longitude");

const correction = (crs) => say(gettext("Read as %(system)s"), { system: SYSTEMS[crs] });

/** Choices of the place search. */
export async function findPlaces(text, signal) {
  const found = await get(`places?${query({ q: text, limit: 10 })}`, signal);
  return found.map((place) => ({
    label: named(place),
    hint: [
      place.assumed_order && ORDER,
      place.other_name,
      place.kind === "feature" && place.layer_title && named(place, "layer_title"),
      place.district !== place.name && place.district,
    ]
      .filter(Boolean)
      .join(" · "),
    mark: place.layer ? layerNote(place.layer) : "",
    group: gettext("Places"),
    value: place,
  }));
}
