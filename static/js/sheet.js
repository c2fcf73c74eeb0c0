/* Sheet: a new incident, from N to the saved record. Promises: the cursor starts in the
   narrative; the draft outlives reload and lost network; the same draft sent twice is one
   incident; nothing is refused for being incomplete, and what a first report still lacks and
   who will see it is always in sight. Must not know: the fields (report.js), the list, the
   feed. */

import { get, post } from "./api.js";
import { districtOf } from "./around.js";
import { now } from "./clock.js";
import { onPhone } from "./dock.js";
import { button, byId, debounce, el, fill, uuid } from "./dom.js";
import { discard, keep, recall } from "./draft.js";
import { ELEMENTS, elementName, openElements, UNCLASSIFIED } from "./elements.js";
import { takeClicks } from "./map.js";
import { showPin } from "./pointers.js";
import { heldFromStart, nodeName, startNodes, whenNodesChange } from "./nodes.js";
import { REALM } from "./realm.js";
import { reportForm } from "./report.js";
import { nameOf } from "./sharing.js";
import { takeDetail } from "./store.js";
import { toast } from "./toast.js";
import { FIELDS, listed, say } from "./words.js";

const DRAFT = "incident";

let context = {}; // me, types, saved(incident), opened(), closed()
let form = null; // while the sheet is open
let draft = null;
let saving = false;
const parts = {};

export function startSheet(given) {
  context = given;
  addEventListener("pagehide", () => form && draft && remember());
  whenNodesChange(() => form && showNeeded());
}

export const sheetIsOpen = () => !byId("sheet").hidden;

/** Open the sheet, with the kept draft if there is one; `point` is a place clicked on the map, `text`
 * what the narrative begins with, `answers` what the incident answers (`saved` is told), `whole` an
 * incident of which this is a part; a draft that waits comes first. */
export function openSheet(point = null, { text = "", answers, whole } = {}) {
  if (!sheetIsOpen()) {
    const kept = recall(DRAFT);
    draft = kept ?? (whole ? partOf(whole) : { received_at: new Date(now()).toISOString() });
    draft.id ??= uuid();
    form = reportForm({ types: context.types, changed, received: () => draft?.received_at, whole: () => draft?.split_from, open: context.open });
    build();
    byId("sheet").hidden = false;
    document.body.classList.add("sheet-open");
    form.write(draft);
    takeClicks((where) => form.place.setPoint(where));
    parts.kept.textContent = kept ? gettext("Your draft of before") : "";
    showWhole();
    context.opened();
    showNeeded();
    startNodes(); // the rules may have changed since the page was opened
  }
  if (whole && draft.split_from !== whole.id) toast(gettext("Save or throw away this draft first, then split."));
  if (point) form.place.setPoint(point);
  if (answers) draft.answers = [...(draft.answers ?? []), answers];
  if (text && !form.draft().summary?.includes(text)) {
    const { summary, ...rest } = form.draft();
    form.write({ ...rest, summary: [summary, text].filter(Boolean).join("\n") });
  }
  form.focus("summary");
}

/** What a part of an incident begins with: where it is, who told it and when. */
function partOf({ id, number, source, reporter, received_at, occurred_at, address, location }) {
  const given = location?.declared ?? (location && { lon: location.lon, lat: location.lat, crs: "wgs84" });
  const where = { address, location: given && { ...given, confirmed: true } };
  return { split_from: id, split_number: number, source, reporter, received_at, occurred_at, ...where };
}

/** Of which incident this is a part, and the way to make it one of its own. */
function showWhole() {
  const free = () => {
    draft.split_from = draft.split_number = undefined;
    draft.id = uuid();
    showWhole();
    rememberSoon();
  };
  fill(
    parts.whole,
    draft.split_from && [
      el("span", { class: "mark", text: say(gettext("A part of %(number)s"), { number: draft.split_number }) }),
      button(gettext("Not a part"), free, { class: "text", data: { act: "no-whole" } }),
    ],
  );
}

/** Close it; what was written is kept. */
export function closeSheet() {
  if (!sheetIsOpen()) return;
  if (draft) remember();
  const kept = draft && !isBlank();
  form = null;
  byId("sheet").hidden = true;
  document.body.classList.remove("sheet-open", "picking");
  takeClicks(null);
  showPin(null);
  fill(byId("sheet"));
  if (kept)
    toast(
      onPhone()
        ? gettext("The draft is kept. ＋ opens it again.")
        : gettext("The draft is kept. N opens it again."),
    );
  else discard(DRAFT);
  context.closed();
}

function build() {
  parts.kept = el("span", { class: "meta" });
  parts.whole = el("p", { class: "part-of" });
  parts.needed = el("ul", { class: "needed", "aria-label": gettext("Elements of a first report") });
  parts.next = el("p", { class: "meta next" });
  parts.trouble = el("div", { class: "trouble", role: "alert" });
  parts.save = button([gettext("Save"), " ", el("kbd", { text: "Ctrl+Enter" })], save, {
    class: "primary",
    title: gettext("Save"),
    key: "Ctrl+Enter",
  });
  const close = button("×", closeSheet, {
    class: "bare",
    title: gettext("Close, keep the draft"),
    key: "Esc",
    "aria-label": gettext("Close, keep the draft"),
  });
  fill(
    byId("sheet"),
    el(
      "div",
      { class: "column-head" },
      el("h2", { text: gettext("New incident") }),
      parts.kept,
      el("span", { class: "grow" }),
      button(gettext("Throw away"), throwAway, { class: "bare danger" }),
      close,
    ),
    parts.whole,
    form.body,
    el(
      "div",
      { class: "column-foot sheet-foot" },
      parts.trouble,
      parts.needed,
      el("div", { class: "foot-line" }, parts.next, parts.save),
    ),
  );
}

function changed() {
  if (!form) return;
  showNeeded();
  rememberSoon();
}

function remember() {
  const { id, answers, split_from, split_number } = draft;
  draft = { ...form.draft(), id, answers, split_from, split_number };
  if (isBlank() || keep(DRAFT, draft)) return;
  parts.kept.textContent = gettext("This browser keeps no drafts");
}

const rememberSoon = debounce(150, () => form && draft && remember());

const isBlank = () =>
  !["summary", "address", "location", "source", "type_code", "raw"].some((name) => draft[name]);

/** What is sent on saving, so far. */
function body() {
  const { received_at: at, type_code: code, ...values } = form.read();
  const received = { received_at: at ?? draft.received_at, type_code: code || UNCLASSIFIED };
  const part = draft.split_from && { split_from: draft.split_from };
  return { ...values, ...received, ...part, realm: REALM };
}

/** Tick off what is there or said to be unknown, and say what happens on saving. */
function showNeeded() {
  const values = body();
  const lacks = openElements(values);
  const open = lacks.length;
  fill(
    parts.needed,
    ELEMENTS.map((name) => {
      const unknown = lacks.includes(name) && form.isFilled(name);
      const done = unknown || !lacks.includes(name);
      const label = name === "address" ? elementName(name, values) : FIELDS[name];
      return el(
        "li",
        { class: [done && "done", unknown && "unknown"].filter(Boolean).join(" ") },
        button(`${unknown ? "？" : done ? "✓" : "○"} ${label}`, () => form.focus(name), {
          class: "bare",
          title: unknown ? say(gettext("%(field)s: unknown"), { field: label }) : label,
        }),
      );
    }),
  );
  const { me } = context;
  const district = districtOf(form.place.survey());
  const desk = !me.everywhere && gettext("the duty desk of this node");
  const own = nameOf(me.organisation, me.organisation_name);
  const seers = [...new Set([own, district, desk])].filter(Boolean);
  const { type_code: code, grade } = form.read();
  const nodes = heldFromStart(code || UNCLASSIFIED, grade).map((node) =>
    say(gettext("%(name)s (node)"), { name: nodeName(node) }),
  );
  const lacking = ngettext(
    "%(n)s element still open; it can be saved and added later.",
    "%(n)s elements still open; they can be saved and added later.",
    open,
  );
  parts.next.textContent = [
    open ? say(lacking, { n: open }) : gettext("Complete for a first report."),
    say(gettext("Will be seen by: %(who)s"), { who: listed([...seers, ...nodes]) }),
  ].join(" ");
}

function throwAway() {
  const thrown = form.draft();
  const { id, answers, split_from, split_number } = draft;
  draft = null;
  closeSheet();
  if (!thrown.summary) return;
  const undo = () => {
    keep(DRAFT, { ...thrown, id, answers, split_from, split_number });
    openSheet();
  };
  toast(gettext("The draft is thrown away."), { act: [gettext("Undo"), undo] });
}

/** Save; what is refused is shown where it stands. */
export async function save() {
  if (!form || saving) return;
  fill(parts.trouble);
  const unread = form.refused();
  if (unread) return fill(parts.trouble, el("p", { class: "complaint", text: unread }));
  saving = true;
  parts.save.disabled = true;
  try {
    await form.settled();
    if (!form || !(await form.place.settle()) || !form) return;
    finish(await post("incidents", { ...body(), id: draft.id }));
  } catch (problem) {
    if (form) complain(problem);
  } finally {
    saving = false;
    parts.save.disabled = false;
  }
}

function finish(answer) {
  const incident = takeDetail(answer);
  const { answers } = draft;
  draft = null;
  closeSheet();
  context.saved(incident, answers);
}

function complain(problem) {
  const message = problem.status === 0 ? OFFLINE : problem.message;
  const rest = form.complain(problem);
  fill(
    parts.trouble,
    [message, ...rest].map((text) => el("p", { class: "complaint", text })),
    problem.code === "same_id_other_content" && savedBefore(),
  );
}

/** The node is heard again: that it could not be reached is no longer so. */
export function heardAgain() {
  if (parts.trouble?.textContent.startsWith(OFFLINE)) fill(parts.trouble);
}

const OFFLINE = gettext(
  "The node cannot be reached. The draft is kept here; press Ctrl+Enter again when the lamp says live.",
);

/** An answer was lost on the way: the node has this draft as it was then. */
const savedBefore = () =>
  el(
    "div",
    { class: "answers" },
    button(gettext("Open what was saved"), async () => finish(await get(`incidents/${draft.id}`))),
    button(gettext("Save as another incident"), () => {
      draft.id = uuid();
      save();
    }),
  );

/** Alt+1 to 4. */
export const setGrade = (grade) => form?.setGrade(grade);
