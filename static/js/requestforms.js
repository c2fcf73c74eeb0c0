/* Request forms: asking the home of an incident, and answering as the home. Promises: pressing
   twice, or again after a broken connection, is one request; what was typed outlives a reload;
   what changes with an answer is said before it is given. Must not know: how requests are shown. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { plain } from "./changes.js";
import { el, fill, uuid } from "./dom.js";
import { discard, keep, recall } from "./draft.js";
import { nodeName, peer } from "./nodes.js";
import { takeDetail, takePart } from "./store.js";
import { COLOURS, fieldName, gradeName, say } from "./words.js";

const MINUTES = [15, 30, 60];
const CHOICES = {
  grade: () => [1, 2, 3, 4].map((grade) => [grade, gradeName(grade)]),
  warning_colour: () => Object.entries(COLOURS),
};
const LENGTHS = {
  title: 200,
  response_level: 40,
  summary: 10000,
  measures: 4000,
  next_steps: 4000,
  cause: 4000,
  trend: 4000,
};
const MAY_CHANGE = ["grade", "title", "warning_colour", ...Object.keys(LENGTHS).slice(1)];

/** An id that stays the same for the same content, so that sending again is not a second one. */
export function sameId() {
  let sent = "";
  let id = null;
  return (content) => {
    const key = JSON.stringify(content);
    if (key !== sent) id = uuid();
    sent = key;
    return id;
  };
}

const words = (label, value, max) =>
  el("textarea", { rows: 3, maxlength: max, "aria-label": label, placeholder: label, value });

/** Ask the home for a change or for support. */
export function askRequest(host, incident, kind) {
  const draft = `request.${kind}.${incident.id}`;
  const home = nodeName(incident.home);
  const label = kind === "change" ? gettext("What should be changed, and why") : gettext("What is needed, where, by when");
  const text = words(label, recall(draft) ?? "", 4000);
  text.addEventListener("input", () => keep(draft, text.value));
  const change = kind === "change" ? changeField(incident) : null;
  const minutes = el(
    "select",
    { "aria-label": gettext("Time to answer") },
    MINUTES.map((n) =>
      el("option", { value: n, selected: n === 30, text: say(gettext("%(n)s minutes"), { n }) }),
    ),
  );
  const idOf = sameId();
  ask(host, {
    title:
      kind === "change"
        ? say(gettext("Ask %(name)s for a change"), { name: home })
        : say(gettext("Ask %(name)s for support"), { name: home }),
    lines: [
      peer(incident.home)?.state === "offline" &&
        gettext("The link is down now; it goes as soon as the link is back."),
    ],
    extra: [
      text,
      change?.element,
      el("label", { class: "in-line" }, el("span", { text: gettext("Time to answer") }), minutes),
    ],
    act: gettext("Send the request"),
    focus: text,
    send: async () => {
      if (!text.value.trim()) {
        text.focus();
        throw new Error(gettext("Say what is asked for."));
      }
      const body = {
        kind,
        text: text.value.trim(),
        minutes: Number(minutes.value),
        proposed: change?.read() ?? {},
      };
      const made = await post(`incidents/${incident.id}/requests`, { id: idOf(body), ...body });
      discard(draft);
      takePart("request", made);
    },
  });
}

/** One field and the value it should have; "words only" at first. */
function changeField(incident) {
  const value = el("div", { class: "new-value" });
  const field = el(
    "select",
    { "aria-label": gettext("Field to change") },
    el("option", { value: "", text: gettext("In words only") }),
    MAY_CHANGE.map((name) => el("option", { value: name, text: fieldName(name) })),
  );
  const label = gettext("New value");
  let input = null;
  field.addEventListener("change", () => {
    const name = field.value;
    const now = incident[name] ?? "";
    if (!name) input = null;
    else if (name in CHOICES)
      input = el(
        "select",
        { "aria-label": label },
        now === "" && el("option", { value: "", selected: true, text: gettext("Choose") }),
        CHOICES[name]().map(([key, text]) =>
          el("option", { value: key, selected: String(key) === String(now), text }),
        ),
      );
    else
      input = el("textarea", {
        rows: LENGTHS[name] > 200 ? 3 : 1,
        maxlength: LENGTHS[name],
        "aria-label": label,
        value: now,
      });
    fill(value, input);
  });
  return {
    element: el(
      "div",
      { class: "proposed" },
      el("label", { class: "in-line" }, el("span", { text: gettext("Field to change") }), field),
      value,
    ),
    read: () => {
      if (!input || (input.tagName === "SELECT" && !input.value)) return {};
      const name = field.value;
      return { [name]: name === "grade" ? Number(input.value) : input.value.trim() };
    },
  };
}

/** Answer a request as the home of the incident. */
export function askAnswer(host, { request, incident, outcome, label }) {
  const refuses = outcome === "refused";
  const offered = Object.entries(request.proposed ?? {}).filter(([name]) =>
    MAY_CHANGE.includes(name),
  );
  const boxes = refuses ? [] : offered.map((one) => changeBox(one, incident, outcome));
  const text = words(
    outcome === "accepted" ? gettext("Words, if needed") : gettext("Say why"),
    "",
    4000,
  );
  const idOf = sameId();
  ask(host, {
    title: say(gettext("%(label)s: %(name)s"), { label, name: nodeName(request.home) }),
    lines: [
      boxes.length && gettext("What is ticked is changed with the answer."),
      !refuses &&
        !boxes.length &&
        request.kind === "change" &&
        gettext("The answer alone changes nothing: change the fields by hand."),
    ],
    extra: [boxes.map((box) => box.element), text],
    act: label,
    focus: outcome === "accepted" ? null : text,
    send: async () => {
      if (outcome !== "accepted" && !text.value.trim()) {
        text.focus();
        throw new Error(gettext("Say why."));
      }
      const changes = Object.fromEntries(
        boxes.filter((box) => box.isTicked()).map((box) => box.entry),
      );
      const body = { outcome, text: text.value.trim() };
      if (Object.keys(changes).length) body.changes = changes;
      takePart("answer", await post(`requests/${request.id}/answer`, { id: idOf(body), ...body }));
      await get(`incidents/${incident.id}`).then(takeDetail, () => {});
    },
  });
}

function changeBox(entry, incident, outcome) {
  const [name, value] = entry;
  const box = el("input", { type: "checkbox" });
  box.checked = true;
  box.disabled = outcome === "accepted";
  const before = plain(name, incident[name]);
  const text = `${fieldName(name)} ${before ? `${before} → ` : ""}${plain(name, value) || "—"}`;
  return {
    element: el("label", { class: "tick-box" }, box, " ", el("span", { text })),
    isTicked: () => box.checked,
    entry,
  };
}
