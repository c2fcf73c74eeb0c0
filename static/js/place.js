/* Place: the control of a form that says where: address, search, pasted coordinates, the map.
   Promises: the point as it was given travels with its system; what looks wrong is asked about
   and never changed by itself; what lies around is shown as soon as there is a point. Must not
   know: the rest of the form. */

import { get, query } from "./api.js";
import { surveyView } from "./around.js";
import { combobox } from "./combobox.js";
import { button, debounce, el, fill } from "./dom.js";
import { layerNote } from "./layers.js";
import { showPin } from "./pointers.js";
import { showPoint } from "./map.js";
import { named, say, SYSTEMS } from "./words.js";

/** {element, read, write, setPoint, isEmpty}. `onChange()` after each change, `around` is the node
 * of the survey. */
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
  let request = null;
  let survey = null;

  const box = combobox({
    input,
    find: findPlaces,
    empty: gettext("No such place. A click on the map sets the point."),
    choose: (place) => takePlace(place),
  });
  const element = el("div", { class: "place" }, box.element, shown, questions);
  const lookAgain = debounce(500, () => point && look());
  input.addEventListener("input", () => {
    onChange();
    lookAgain();
  });

  function takePlace(place) {
    if (place.kind === "feature") input.value = place.name;
    else if (/^[\s\d.,，;°'"′″NSEWnsew度分秒东西南北经纬]*$/.test(input.value))
      input.value = place.district || "";
    set(
      {
        ...(place.typed ?? { lon: place.lon, lat: place.lat }),
        crs: place.typed ? place.crs : "wgs84",
      },
      place,
    );
    showPoint(place);
  }

  /** Take a point in WGS 84 from the map. */
  function setPoint(where) {
    document.body.classList.remove("picking");
    set({ ...where, crs: "wgs84" }, where);
  }

  function set(given, where = null) {
    point = given;
    seen = where ? { lon: where.lon, lat: where.lat } : null;
    survey = null;
    draw();
    onChange();
    if (point) look();
    else fill(around, hint());
  }

  /** A phone shows the form or the map: this turns to the map until a point is taken. */
  const pick = () =>
    button(gettext("Pick on the map"), () => document.body.classList.add("picking"), {
      class: "text only-phone",
    });

  function draw() {
    showPin(seen, seen && ((where) => setPoint(where)));
    fill(questions);
    if (!point)
      return fill(shown, el("span", { class: "quiet", text: gettext("No point yet") }), pick());
    fill(
      shown,
      el("span", {
        class: "coordinates",
        text: `${point.lon.toFixed(5)}, ${point.lat.toFixed(5)} · ${SYSTEMS[point.crs]}`,
      }),
      survey?.districts.length ? el("strong", { text: survey.districts[0].name }) : null,
      button(gettext("Clear"), () => set(null), { class: "text" }),
      pick(),
    );
  }

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
    if (!point || point.confirmed) return;
    fill(
      questions,
      hints.map(({ message, suggestion }) =>
        el(
          "div",
          { class: "question" },
          el("p", { text: message }),
          el(
            "div",
            { class: "answers" },
            suggestion &&
              button(
                suggestion.crs === point.crs ? gettext("Swap them") : correction(suggestion.crs),
                () => set({ ...suggestion }),
                {},
              ),
            button(
              gettext("Keep as it is"),
              () => {
                point = { ...point, confirmed: true };
                fill(questions);
                onChange();
              },
              {},
            ),
          ),
        ),
      ),
    );
    if (hints.length) questions.querySelector("button")?.scrollIntoView({ block: "nearest" });
  }

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
    read: () => ({ address: input.value.trim(), location: point }),
    write({ address, location, wgs84 = null }) {
      input.value = address ?? "";
      if (location) set(location, wgs84 ?? (location.crs === "wgs84" ? location : null));
      else set(null);
    },
    survey: () => survey,
  };
}

const correction = (crs) => say(gettext("Read as %(system)s"), { system: SYSTEMS[crs] });

/** Choices of the place search. */
export async function findPlaces(text, signal) {
  const found = await get(`places?${query({ q: text, limit: 10 })}`, signal);
  return found.map((place) => ({
    label: named(place),
    hint: [
      place.layer_title && named(place, "layer_title"),
      place.district !== place.name && place.district,
    ]
      .filter(Boolean)
      .join(" · "),
    mark: place.layer ? layerNote(place.layer) : "",
    group: gettext("Places"),
    value: place,
  }));
}
