/* Report: the form of a first report: its fields in the order of a call, what the narrative
   proposes, what is still open. Promises: a title follows the narrative until somebody types
   one; what was not answered is not in `read` as 0; a draft read and written back is the same
   form. Must not know: where the form stands, how it is saved (sheet.js). */

import { el } from "./dom.js";
import { ELEMENTS } from "./elements.js";
import { checkField, gradeField, personField, textField, timeField } from "./fields.js";
import { figuresField } from "./figures.js";
import { alikeHint } from "./family.js";
import { gradeHint } from "./grading.js";
import { findPlaces, placeField } from "./place.js";
import { proposalBar } from "./proposalbar.js";
import { titleIn } from "./proposals.js";
import { typeField } from "./typefield.js";
import { rawTexts, refused, writeRaw } from "./unread.js";
import { FIELDS } from "./words.js";

const PLAIN = "summary title type_code source reporter measures cause foreigners sensitive".split(
  " ",
);

/** {body, place, read, draft, write, isFilled, focus, setGrade, refused, settled, complain};
 * `changed()` after every change. */
export function reportForm({ types, changed, received, whole, open }) {
  const around = el("div", { class: "around" });
  let titleTouched = false;
  const place = placeField({ onChange: () => onChange("address"), around });
  const fields = controls(types, onChange);
  const hint = gradeHint({ read: () => read(), take: setGrade });
  fields.grade.element.append(hint.element);
  const alike = alikeHint({ read: () => ({ ...read(), received_at: read().received_at ?? received() }), whole, open });
  const proposals = proposalBar({ types, fields, place, changed: onChange, findPlaces });
  fields.summary.input.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.shiftKey || !proposals.takeAll()) return;
    event.preventDefault();
    nextOpen();
  });

  function onChange(name) {
    if (name === "title") titleTouched = fields.title.filled();
    if (name === "summary") {
      proposals.look(fields.summary.read());
      if (!titleTouched) fields.title.write(titleIn(fields.summary.read()));
    }
    hint.look();
    alike.look();
    changed();
  }

  /** Answered; with 不详 too, but a place is one only with its position. */
  const isFilled = (name) =>
    name === "address" ? Boolean(place.read().location) : fields[name].filled();

  function focus(name) {
    if (name === "address") return place.input.focus();
    fields[name].element.closest("details")?.setAttribute("open", "");
    fields[name].focus();
  }

  /** Go to the next element that is not answered. */
  function nextOpen() {
    const name = ELEMENTS.find((one) => !isFilled(one));
    if (name) focus(name);
  }

  function read() {
    const plain = Object.fromEntries(PLAIN.map((name) => [name, fields[name].read()]));
    return {
      ...plain,
      ...place.read(),
      title: plain.title || titleIn(plain.summary),
      grade: fields.grade.read(),
      casualties: fields.casualties.read(),
      occurred_at: fields.occurred_at.read(),
      received_at: fields.received_at.read(),
    };
  }

  /** What a draft keeps besides: which figures were answered, what was typed by hand. */
  const draft = () => ({
    ...read(),
    casualties: fields.casualties.answered(),
    unknown_time: fields.occurred_at.isUnknown(),
    grade_given: fields.grade.filled(),
    title_touched: titleTouched,
    order: place.order(),
    raw: rawTexts(Object.values(fields)),
  });

  function write(values) {
    titleTouched = Boolean(values.title_touched);
    for (const name of [...PLAIN, "casualties", "received_at"]) fields[name].write(values[name]);
    fields.grade.write(values.grade_given ? values.grade : undefined);
    fields.occurred_at.write(values.occurred_at ?? null, values.unknown_time);
    writeRaw(Object.values(fields), values.raw);
    place.write({ address: values.address, location: values.location, order: values.order });
    proposals.look(values.summary ?? "");
    hint.look();
    alike.look();
  }

  function setGrade(grade) {
    const inside = fields.grade.element.contains(document.activeElement);
    fields.grade.write(grade);
    hint.look();
    changed();
    if (inside) nextOpen();
  }

  /** Show a refusal at its fields; the messages that have no field here. */
  function complain(problem) {
    if (problem.code === "doubtful_location") place.ask(problem.hints);
    const rest = [];
    let first = null;
    for (const [path, message] of Object.entries(problem.fields ?? {})) {
      const control = fields[path.split(".").find((part) => part in fields)];
      if (!control) rest.push(`${FIELDS[path] ?? path}: ${message}`);
      control?.complain(message);
      first ??= control;
    }
    first?.focus();
    return rest;
  }

  const body = formBody(fields, place, proposals, around, alike);
  return {
    ...{ body, place, read, draft, write, isFilled, focus, setGrade, complain },
    refused: () => refused(Object.values(fields)),
    settled: proposals.settled,
  };
}

function controls(types, onChange) {
  const several = { rows: 2, max: 4000, onChange };
  const all = [
    textField("summary", {
      rows: 4,
      max: 10000,
      onChange,
      placeholder: gettext("As it is told: where, what, how many people"),
    }),
    textField("title", { max: 200, onChange, wide: true }),
    typeField(types, { onChange }),
    gradeField({ onChange }),
    figuresField({ onChange }),
    timeField("occurred_at", { onChange, unknowable: true }),
    timeField("received_at", { onChange }),
    textField("source", {
      max: 120,
      onChange,
      placeholder: gettext("110, 119, hotline, unit on duty"),
    }),
    personField("reporter", ["unit", "name", "post", "phone"], { onChange }),
    textField("measures", several),
    textField("cause", several),
    checkField("foreigners", { onChange }),
    checkField("sensitive", { onChange }),
  ];
  return Object.fromEntries(all.map((control) => [control.name, control]));
}

function formBody(fields, place, proposals, around, alike) {
  const f = Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, one.element]));
  return el(
    "form",
    { class: "sheet-body", on: { submit: (event) => event.preventDefault() } },
    f.summary,
    proposals.element,
    el(
      "div",
      { class: "field wide", data: { name: "address" } },
      el("label", { class: "field-label", for: "place", text: FIELDS.address }),
      place.element,
      alike.element,
    ),
    el(
      "section",
      { class: "aside", "aria-label": gettext("Around") },
      el("h3", { text: gettext("Around") }),
      around,
    ),
    f.title,
    el("div", { class: "pair" }, f.type_code, f.grade),
    f.casualties,
    el("div", { class: "pair" }, f.occurred_at, f.received_at),
    f.source,
    f.reporter,
    el(
      "details",
      { class: "more" },
      el("summary", { text: gettext("More: measures, cause, flags") }),
      f.measures,
      f.cause,
      el("div", { class: "pair" }, f.foreigners, f.sensitive),
    ),
  );
}
