/* Edit: the fields of an incident as a form. Promises: only changed fields are sent, against
   the revision they were read from; when somebody else was faster the officer's text stays,
   what the other changed is shown, and saving again is a choice; what was typed outlives a
   reload and a cancel can be undone. Must not know: the panel around it. */

import { get, patch } from "./api.js";
import { plain } from "./changes.js";
import { button, debounce, el, fill } from "./dom.js";
import { discard, keep, recall } from "./draft.js";
import {
  checkField,
  choiceField,
  gradeField,
  personField,
  textField,
  timeField,
} from "./fields.js";
import { figuresField } from "./figures.js";
import { gradeHint } from "./grading.js";
import { takeClicks } from "./map.js";
import { showPin } from "./pointers.js";
import { moneyField } from "./money.js";
import { HERE, heldFromStart, holders, nodeName } from "./nodes.js";
import { placeField } from "./place.js";
import { detail, takeDetail } from "./store.js";
import { toast } from "./toast.js";
import { typeField } from "./typefield.js";
import { rawTexts, refused, writeRaw } from "./unread.js";
import { COLOURS, fieldName, FIELDS, listed, say } from "./words.js";

/** The nodes that will hold an incident by rule once it has this class and grade. */
function byRule(incident, { type_code: code, grade }) {
  if (code === incident.type_code && grade === incident.grade) return [];
  const shares = [...(detail(incident.id)?.shares.values() ?? [])];
  const held = new Set(holders(incident, shares).map(({ node }) => node));
  for (const { node, by, ended_at: ended } of shares) if (ended && by === HERE) held.add(node);
  return heldFromStart(code, grade).filter((node) => !held.has(node));
}

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** {element, focus, take(incident)}; `done()` when it is to be closed, `again()` opens it anew. */
export function editView(incident, { me, types, done, again }) {
  const draft = `edit.${incident.id}`;
  let base = incident; // what the form was filled from
  let latest = incident;
  let started = {}; // values of the form when it was filled
  const keepUp = debounce(200, () => element.isConnected && (keepDraft(), showReaders()));
  const onChange = () => (keepUp(), mayGrade && hint.look());
  const around = el("div", { class: "around" });
  const place = placeField({ onChange, around, id: "edit-place" });
  const mayGrade = me.verbs.includes("incident.grade");
  const fields = [
    textField("title", { max: 200, onChange, wide: true }),
    typeField(types, { onChange }),
    gradeField({ onChange, allowed: mayGrade }),
    textField("summary", { rows: 4, max: 10000, onChange }),
    figuresField({ onChange }),
    moneyField("loss_cny", { onChange }),
    timeField("occurred_at", { onChange }),
    textField("source", { max: 120, onChange }),
    incident.reporter && personField("reporter", ["unit", "name", "post", "phone"], { onChange }),
    incident.site_contact &&
      personField("site_contact", ["unit", "name", "post", "phone"], { onChange }),
    ...["measures", "cause", "trend", "next_steps", "reported_to"].map((name) =>
      textField(name, { rows: 2, max: name === "reported_to" ? 1000 : 4000, onChange }),
    ),
    textField("leaders_present", { max: 300, onChange }),
    mayGrade && choiceField("warning_colour", COLOURS, { onChange }),
    mayGrade && textField("response_level", { max: 40, onChange }),
    checkField("foreigners", { onChange }),
    checkField("sensitive", { onChange }),
  ].filter(Boolean);
  const grade = fields.find((one) => one.name === "grade");
  const hint = gradeHint({ read: values, take: (one) => (grade.write(one), onChange()) });
  if (mayGrade) grade.element.append(hint.element);
  const trouble = el("div", { class: "trouble", role: "alert" });
  const news = el("div", { class: "news", role: "status" });
  const readers = el("p", { class: "meta by-rule", role: "status" });
  const save = button([gettext("Save"), " ", el("kbd", { text: "Ctrl+Enter" })], submit, {
    class: "primary",
  });
  const element = el(
    "form",
    {
      class: "edit",
      on: {
        submit: (event) => event.preventDefault(),
        keydown: (event) => {
          if (event.key === "Enter" && event.ctrlKey) {
            event.stopPropagation();
            submit();
          }
          if (event.key === "Escape") {
            event.stopPropagation();
            cancel();
          }
        },
      },
    },
    news,
    fields.slice(0, 4).map((one) => one.element),
    el(
      "div",
      { class: "field wide", data: { name: "address" } },
      el("label", { class: "field-label", for: "edit-place", text: FIELDS.address }),
      place.element,
    ),
    fields.slice(4).map((one) => one.element),
    around,
    el(
      "div",
      { class: "edit-foot" },
      trouble,
      readers,
      el("div", { class: "foot-line" }, button(gettext("Cancel"), cancel), save),
    ),
  );

  function values() {
    return { ...Object.fromEntries(fields.map((one) => [one.name, one.read()])), ...place.read() };
  }

  function write(from) {
    for (const one of fields) one.write(from[one.name]);
    const { location } = from;
    const given = location && {
      ...(location.declared ?? { lon: location.lon, lat: location.lat, crs: "wgs84" }),
      confirmed: true,
    };
    place.write({
      address: from.address,
      location: given,
      wgs84: location && { lon: location.lon, lat: location.lat },
    });
    base = latest = from;
    started = values();
  }

  /** Fields whose value is not what it was when the form was filled. */
  const changes = () =>
    Object.fromEntries(
      Object.entries(values()).filter(([name, value]) => !same(value, started[name])),
    );

  /** The same for a draft: what cannot be read stands under `raw` instead, as it was typed. */
  function typed() {
    const raw = rawTexts(fields);
    const read = Object.entries(changes()).filter(([name]) => !(raw && name in raw));
    const order = place.order() && { order: place.order() };
    return { ...Object.fromEntries(read), ...(raw && { raw }), ...order };
  }

  function showReaders() {
    const { type_code, grade } = values();
    const names = byRule(latest, { type_code, grade }).map(nodeName);
    readers.textContent = names.length
      ? say(gettext("By rule it will then be shared with: %(who)s"), { who: listed(names) })
      : "";
  }

  function keepDraft() {
    const changed = typed();
    if (Object.keys(changed).length) keep(draft, changed);
    else discard(draft);
  }

  /** Put what was typed before over the state of now. */
  function restore() {
    const kept = recall(draft);
    if (!kept) return;
    for (const one of fields) if (one.name in kept) one.write(kept[one.name]);
    writeRaw(fields, kept.raw);
    if ("address" in kept || "location" in kept) place.write({ ...place.read(), ...kept });
    fill(news, el("p", { text: gettext("What you typed before is filled in again.") }));
  }

  function cancel() {
    const kept = typed();
    discard(draft);
    close();
    if (!Object.keys(kept).length) return;
    toast(gettext("Your changes are dropped."), {
      act: [
        gettext("Undo"),
        () => {
          keep(draft, kept);
          again();
        },
      ],
    });
  }

  function close() {
    takeClicks(null);
    showPin(null);
    done();
  }

  /** Somebody changed the incident meanwhile: say what, keep what is typed. */
  function take(fresh) {
    latest = fresh;
    if (fresh.rev === base.rev) return;
    const names = Object.keys(fresh).filter(
      (name) => name !== "rev" && name !== "steps" && !same(fresh[name], base[name]),
    );
    fill(
      news,
      el(
        "p",
        {},
        el("strong", { text: gettext("Changed by somebody else meanwhile:") }),
        " ",
        listed(names.map((name) => `${fieldName(name)} ${plain(name, fresh[name])}`)),
      ),
      el("p", {
        class: "meta",
        text: gettext("Your text is kept. Saving changes only the fields that you changed."),
      }),
      button(
        gettext("Take the new state, drop mine"),
        () => {
          write(fresh);
          discard(draft);
          fill(news);
        },
        { class: "text" },
      ),
    );
  }

  async function submit() {
    fill(trouble);
    const unread = refused(fields);
    if (unread) return fill(trouble, el("p", { class: "complaint", text: unread }));
    save.disabled = true;
    try {
      if (!(await place.settle())) return;
      const changed = changes();
      if (!Object.keys(changed).length) return close();
      takeDetail(await patch(`incidents/${incident.id}`, { rev: latest.rev, ...changed }));
      discard(draft);
      close();
    } catch (problem) {
      await complain(problem);
    } finally {
      save.disabled = false;
    }
  }

  async function complain(problem) {
    fill(trouble, el("p", { class: "complaint", text: problem.message }));
    if (problem.code === "stale_revision") take(takeDetail(await get(`incidents/${incident.id}`)));
    if (problem.code === "doubtful_location") place.ask(problem.hints);
    for (const [path, message] of Object.entries(problem.fields)) {
      const name = path.split(".")[0];
      const control = fields.find((one) => one.name === name);
      if (control) control.complain(message);
      else if (name !== "location")
        trouble.append(
          el("p", {
            class: "complaint",
            text: say("%(field)s: %(message)s", { field: fieldName(name), message }),
          }),
        );
    }
  }

  write(incident);
  restore();
  if (mayGrade) hint.look();
  addEventListener("pagehide", () => element.isConnected && keepDraft());
  takeClicks((where) => place.setPoint(where));
  const leave = () => {
    keepDraft();
    takeClicks(null);
    showPin(null);
  };
  return { element, focus: () => fields[0].focus(), take, leave };
}
